namespace Async.Toolkit.Testing;

/// <summary>How many workers of the pool belong to whoever runs the tests: they were busy before any body began, and stay so for good.</summary>
/// <remarks>
/// Test hosts read their sockets, and wait for the tests, on threads of the pool; without this no clock would ever move under them. The numbers of the pool do
/// not tell whose item a worker runs, so a worker is counted out only while all of this holds:
/// it was busy before the runs that go on now were called for, and the pool has never been seen with fewer busy ones since; when it was
/// counted, there had been no fewer for <see cref="Steady"/>, and for <see cref="Still"/> nothing was waiting, no item ended and nobody was at work for a run;
/// and as soon as the pool is seen with fewer, the count falls to that. (Hosts have timers too: a pool without any item for long is not to be had.) A pool that was seen empty before the body began has no such worker, however long an item of the body takes.
/// An item that a run was given up in, and that still blocks when no run is left, is the host's for those that come later: it is nobody's any more.
/// <para>
/// What remains is an item from before the call that ends just when one of a body, or of whoever has called, begins, or while it runs: the busy ones are as many as before. One that runs in the context of its run,
/// or of somebody who has called for one, is counted by <see cref="RunFlow"/> or <see cref="CallerFlow"/>, from the moment on at which its worker has set up
/// that context; a look that comes between the worker's taking the item and this can be wrong, and nothing public tells of it. One that has given its context up
/// (<c>UnsafeQueueUserWorkItem</c>) is taken for the item that has ended for as long as it runs: looks at that pass for rest, and only one that finds fewer
/// busy puts it right.
/// </para>
/// <para>
/// The other way round, an item that the host begins while runs go on, in the place of another or not, counts as theirs, and so does one that a run was given
/// up in: their clocks stand still. So that this ends, runs that are called for from then on (<see cref="IsInDoubt"/>) wait for those, and begin anew.
/// </para>
/// Whoever calls for a run is none of the host's: what that code does next may well be what the body waits for. It is known by <see cref="CallerFlow"/> as long as it runs in the context of
/// the call, and by <see cref="CallerItem"/> until the item ends in which it has called, or blocks (<see cref="VirtualRun.IsCallerBlocked"/>): then it is a thread like those that are not the pool's.
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
    private TimeSpan _lastSettled; // at rest, or at work for a run
    private bool _isInDoubt;

    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Whether what keeps the pool from coming to rest may well be the host's, or of a run that was given up: something stays busy that was begun after the runs
    /// that go on, and that is no work for any of them.
    /// </summary>
    public bool IsInDoubt => Volatile.Read(ref _isInDoubt);

    /// <summary>Called when no body is under way: whatever is busy from here on is nobody's, as long as it was so before those runs were called for that are to come.</summary>
    /// <param name="most">How many were busy then.</param>
    /// <param name="now">Real time on any clock that does not go back.</param>
    public void BeginAnew(int most, TimeSpan now)
    {
        lock (_gate)
        {
            (_most, _steadySince) = (most, now);
            _busy = -1;
        }
    }

    /// <summary>Called before the first body begins.</summary>
    /// <param name="now">Real time on any clock that does not go back.</param>
    public void NoteBeginning(TimeSpan now)
    {
        lock (_gate)
        {
            Volatile.Write(ref _isInDoubt, false);
            _lastSettled = now;
        }
    }

    /// <summary>Called for each run that is called for: what gets busy from here on may well be what its body waits for.</summary>
    /// <param name="most">How many are busy beside those who have called for runs.</param>
    /// <param name="now">Real time on any clock that does not go back.</param>
    public void NoteCall(int most, TimeSpan now)
    {
        lock (_gate)
        {
            // Nobody has seen yet how long these have been busy.
            Limit(most, now);
        }
    }

    /// <summary>Called with each look that found the pool at rest but for these workers.</summary>
    /// <param name="now">Real time on any clock that does not go back.</param>
    public void NoteRest(TimeSpan now)
    {
        lock (_gate)
        {
            _most = Math.Min(_most, _count);
            _lastSettled = now;
            Volatile.Write(ref _isInDoubt, false);
        }
    }

    /// <summary>Called with each look that found more.</summary>
    /// <param name="seen">What it found.</param>
    /// <param name="now">Real time on any clock that does not go back.</param>
    public void NoteUnrest(in Unrest seen, TimeSpan now)
    {
        lock (_gate)
        {
            bool isSame = seen.Pending == 0 && seen.Busy == _busy && seen.Completed == _completed;
            Limit(seen.Busy, now);
            if (!isSame || seen.RunsAreInside)
            {
                (_busy, _completed, _stillSince) = (seen.Busy, seen.Completed, now);
                _lastSettled = seen.RunsAreInside ? now : _lastSettled;
            }
            else if (now - _stillSince >= Still)
            {
                JudgeStill(seen.Busy, now);
            }
        }
    }

    // Under the gate.
    private void JudgeStill(int busy, TimeSpan now)
    {
        if (busy == _most && now - _steadySince >= Steady)
        {
            Volatile.Write(ref _count, busy);
        }
        else if (busy > _most && now - _lastSettled >= Steady)
        {
            Volatile.Write(ref _isInDoubt, true);
        }
    }

    // Under the gate.
    private void Limit(int most, TimeSpan now)
    {
        if (most < _most)
        {
            (_most, _steadySince) = (most, now);
        }

        if (most < _count)
        {
            Volatile.Write(ref _count, most);
        }
    }

    /// <param name="Busy">How many workers were busy, beside those in whose item somebody has called for a run that goes on.</param>
    /// <param name="Pending">How many items no worker had taken yet.</param>
    /// <param name="Completed">How many had been run since the start of the process.</param>
    /// <param name="RunsAreInside">Whether a worker was at work for one of the runs that go on, or for somebody who has called for one.</param>
    public readonly record struct Unrest(int Busy, long Pending, long Completed, bool RunsAreInside);
}
