namespace Async.Toolkit.Groups;

/// <summary>
/// The nodes of a group's children: hands them out, takes them back for reuse, and can tell which of them run. A few free ones stay, so a steady
/// stream of children allocates none; the rest is let go, so a group that is open for a year holds only what runs.
/// </summary>
internal sealed class ChildRoster(GroupCore group)
{
    private const int MostFree = 256;

    // Held for a few instructions at a time, by every start and every end of a child.
    private SpinLock _gate = new(enableThreadOwnerTracking: false);
    private Child? _nodes;
    private Child? _free;
    private int _freeCount;

    public Child Rent(in WaitingChild waiting)
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

        _gate.Exit(useMemoryBarrier: false);
        if (child is null)
        {
            child = new Child(group);
            Enter(child);
        }

        child.Prepare(waiting);
        return child;
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

    /// <summary>Up to <paramref name="most"/> running children, and how many there are. A snapshot: children come and go meanwhile.</summary>
    public List<(ChildOrigin Origin, IChildWork? Work)> Running(int most, out int count)
    {
        var running = new List<(ChildOrigin, IChildWork?)>(most);
        count = 0;
        bool locked = false;
        _gate.Enter(ref locked);
        for (Child? child = _nodes; child is not null; child = child.Next)
        {
            if (child.Origin is { } origin && count++ < most)
            {
                running.Add((origin, child.Work));
            }
        }

        _gate.Exit(useMemoryBarrier: false);
        return running;
    }

    private void Enter(Child child)
    {
        bool locked = false;
        _gate.Enter(ref locked);
        child.Next = _nodes;
        if (_nodes is not null)
        {
            _nodes.Previous = child;
        }

        _nodes = child;
        _gate.Exit(useMemoryBarrier: false);
    }

    // Under the gate.
    private void Leave(Child child)
    {
        if (child.Previous is null)
        {
            _nodes = child.Next;
        }
        else
        {
            child.Previous.Next = child.Next;
        }

        if (child.Next is not null)
        {
            child.Next.Previous = child.Previous;
        }

        child.Previous = child.Next = null;
    }
}
