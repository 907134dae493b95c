using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Groups;

/// <summary>
/// The nodes of a group's children: hands them out, takes them back for reuse, and can tell which of them run. A few free ones stay, so a steady
/// stream of children allocates none; the rest is let go, so a group that is open for a year holds only what runs.
/// </summary>
internal sealed class ChildRoster
{
    private const int MostFree = 256;

    // Held for a few instructions at a time, by every start and every end of a child.
    private SpinLock _gate = new(enableThreadOwnerTracking: false);
    private Child? _first;
    private Child? _last;
    private int _count;
    private Child? _free;
    private int _freeCount;
    private uint _lastNumber;
    private long _called;

    /// <summary>How many children were given a node to be called; the others were canceled, or could not be posted, before that.</summary>
    public long Called => Volatile.Read(ref _called);

    public Child Rent(in WaitingChild waiting, bool isCalled)
    {
        Child? child;
        bool locked = false;
        _gate.Enter(ref locked);
        child = _free;
        if (child is not null)
        {
            _free = child.NextFree;
            _freeCount--;
        }

        uint number = ++_lastNumber;
        _called += isCalled ? 1 : 0;
        _gate.Exit(useMemoryBarrier: false);
        if (child is null)
        {
            child = new Child();
            Enter(child);
        }

        child.Prepare(waiting, number);
        return child;
    }

    /// <summary>A child that was given its node ahead of its turn is called now.</summary>
    public void CountCall()
    {
        bool locked = false;
        _gate.Enter(ref locked);
        _called++;
        _gate.Exit(useMemoryBarrier: false);
    }

    public void Return(Child child)
    {
        child.Clear();
        bool locked = false;
        _gate.Enter(ref locked);
        if (_freeCount < MostFree)
        {
            child.NextFree = _free;
            _free = child;
            _freeCount++;
        }
        else
        {
            Leave(child);
        }

        _gate.Exit(useMemoryBarrier: false);
    }

    /// <summary>The running children that are wanted, and up to <paramref name="most"/> others. A snapshot: children come and go meanwhile.</summary>
    /// <param name="most">The most of those that nobody wants.</param>
    /// <param name="wanted">Children that are listed in any case.</param>
    /// <param name="withIdle">Whether workers count that have nothing to do.</param>
    /// <param name="leftOut">How many run that are not listed.</param>
    public List<RunningChild> Running(int most, IReadOnlySet<LiveScope> wanted, bool withIdle, out int leftOut)
    {
        var running = new List<RunningChild>();
        while (!TryList(running, most, wanted, withIdle, out leftOut))
        {
        }

        // The nodes stand in no order of their own, since they serve one child after another.
        return [.. running.OrderBy(static child => child.Live?.Number ?? 0)];
    }

    private bool TryList(List<RunningChild> running, int most, IReadOnlySet<LiveScope> wanted, bool withIdle, out int leftOut)
    {
        // Room beforehand: nothing is allocated while others wait.
        leftOut = 0;
        running.EnsureCapacity(Math.Min(Volatile.Read(ref _count), most + wanted.Count));
        bool locked = false;
        _gate.Enter(ref locked);
        bool fits = running.Capacity >= Math.Min(_count, most + wanted.Count);
        for (Child? child = fits ? _first : null; child is not null; child = child.Next)
        {
            if (!child.TryRead(out RunningChild one) || (!withIdle && one.Work is { IsIdle: true }))
            {
                continue;
            }

            bool isWanted = one.Live is not null && wanted.Contains(one.Live);
            if (isWanted || most > 0)
            {
                running.Add(one);
                most -= isWanted ? 0 : 1;
            }
            else
            {
                leftOut++;
            }
        }

        _gate.Exit(useMemoryBarrier: false);
        return fits;
    }

    private void Enter(Child child)
    {
        bool locked = false;
        _gate.Enter(ref locked);
        child.Previous = _last;
        if (_last is null)
        {
            _first = child;
        }
        else
        {
            _last.Next = child;
        }

        _last = child;
        _count++;
        _gate.Exit(useMemoryBarrier: false);
    }

    // Under the gate.
    private void Leave(Child child)
    {
        if (child.Previous is null)
        {
            _first = child.Next;
        }
        else
        {
            child.Previous.Next = child.Next;
        }

        if (child.Next is null)
        {
            _last = child.Previous;
        }
        else
        {
            child.Next.Previous = child.Previous;
        }

        child.Previous = child.Next = null;
        _count--;
    }
}
