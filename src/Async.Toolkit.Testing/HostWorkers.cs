namespace Async.Toolkit.Testing;

/// <summary>How many workers of the pool belong to whoever runs the tests: they were busy before any body began, and stay so for good.</summary>
/// <remarks>
/// Test hosts read their sockets, and wait for the tests, on threads of the pool; without this no clock would ever move under them. The numbers of the pool do
/// not tell whose item a worker runs, so a worker is counted out only while all of this holds:
/// it was busy before the first of the runs that go on now had its body queued, and the pool has never been seen with fewer busy ones since; when it was
/// counted, there had been no fewer for <see cref="Steady"/>, and for <see cref="Still"/> nothing was waiting, no item ended and nobody was at work for a run;
/// and as soon as the pool is seen with fewer, the count falls to that. (Hosts have timers too: a pool without any item for long is not to be had.) A pool that was seen empty before the body began has no such worker, however long an item of the body takes.
/// What remains is an item of the host that ends just when one of the body begins: that one runs in the context of its run, which
/// <see cref="RunFlow"/> counts. Only work that gives its context up (<c>UnsafeQueueUserWorkItem</c>) can be taken for the item that has ended, until the
/// next look that finds it at rest.
/// The thread that calls for a run is none of the host's: what it does next may well be what the body waits for.
/// </remarks>
internal sealed class HostWorkers
{
    /// <summary>How long no fewer workers may have been busy before these count as the host's.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(100);

    /// <summary>How long they have to run the same items.</summary>
    public static readonly TimeSpan Still = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private int _count;
    private int _most = int.MaxValue;
    private int _busy = -1;
    private long _completed;
    private TimeSpan _stillSince;
    private TimeSpan _steadySince;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Called when no body is under way: whatever is busy from here on is nobody's.</summary>
    public void BeginAnew()
    {
        lock (_gate)
        {
            _most = int.MaxValue;
            _busy = -1;
        }
    }

    /// <summary>Called by a worker of the pool that asks for a run.</summary>
    public void NoteCaller<TPool>(TPool pool, TimeSpan now)
        where TPool : IPoolNumbers
    {
        lock (_gate)
        {
            int others = Math.Max(0, pool.Busy - 1);
            if (others < _most)
            {
                // Nobody has seen yet how long these have been busy.
                (_most, _steadySince) = (others, now);
            }

            Volatile.Write(ref _count, Math.Min(_count, _most));
        }
    }

    /// <summary>Called with each look that found the pool at rest but for these workers.</summary>
    public void NoteRest()
    {
        lock (_gate)
        {
            _most = Math.Min(_most, _count);
        }
    }

    /// <summary>Called with each look that found more.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="now">Real time on any clock that does not go back.</param>
    /// <param name="runsAreInside">Whether a worker is at work for one of the runs that go on, or for somebody who has called for one.</param>
    public void NoteUnrest<TPool>(TPool pool, TimeSpan now, bool runsAreInside)
        where TPool : IPoolNumbers
    {
        lock (_gate)
        {
            long completed = pool.Completed;
            int busy = pool.Busy;
            bool isSame = pool.Pending == 0 && busy == _busy && completed == _completed;
            if (busy < _most)
            {
                (_most, _steadySince) = (busy, now);
            }

            if (busy < _count)
            {
                Volatile.Write(ref _count, busy);
            }

            if (!isSame || runsAreInside)
            {
                (_busy, _completed, _stillSince) = (busy, completed, now);
            }
            else if (busy == _most && now - _steadySince >= Steady && now - _stillSince >= Still)
            {
                Volatile.Write(ref _count, busy);
            }
        }
    }
}
