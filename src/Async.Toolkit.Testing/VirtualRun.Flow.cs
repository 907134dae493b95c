using System.Diagnostics;

namespace Async.Toolkit.Testing;

// How the body gets to the pool, and what is seen of it there.
internal abstract partial class VirtualRun
{
    // In looks, too, and not in time alone: a watch that gets no time has seen nothing.
    private const int LooksUntilBlocked = 20;

    private Task<Task>? _start;
    private RunFlow _flow;
    private long _flowBeforeLook;
    private long _limitedSince;
    private int _looksSinceCallerAtWork;
    private long _callerLastAtWork;

    /// <summary>Whether the body has been queued.</summary>
    public bool HasBegun => Volatile.Read(ref _start) is null;

    /// <summary>Who has called for the run.</summary>
    public CallerFlow Caller { get; } = new();

    /// <summary>Where the call was made.</summary>
    public CallerItem CallerItem { get; private set; }

    public bool IsCallerAtWork => Caller.Inside > 0 || (CallerItem.GoesOn && !IsCallerBlocked);

    /// <summary>
    /// Whether the item in which the call was made blocks, and has for so long and at so many looks of the watch, that its thread counts as none of the pool's any more: hosts do that who
    /// run a test up to its first <see langword="await"/> on the thread on which they wait for all tests.
    /// </summary>
    public bool IsCallerBlocked => CallerItem.IsBlocked && Volatile.Read(ref _looksSinceCallerAtWork) >= LooksUntilBlocked
        && Stopwatch.GetElapsedTime(Interlocked.Read(ref _callerLastAtWork)) >= HostWorkers.Steady;

    /// <summary>How many workers of the pool were busy when the run was called for, beside those who have called for this one or others; set by the watch, and lower where fewer have been seen since.</summary>
    public int BusyBesideCallers { get; set; }

    /// <summary>How many workers of the pool are at work for the run.</summary>
    public int Inside => _flow.Inside;

    /// <summary>What <see cref="RunFlow.State"/> is.</summary>
    public long FlowState => _flow.State;

    /// <summary>A worker is at work for the run, or has been called to be.</summary>
    public void EnterFlow() => _flow.Enter();

    public void LeaveFlow() => _flow.Leave();

    /// <summary>Called by the watch before each look at the pool.</summary>
    public void NoteLook()
    {
        _flowBeforeLook = _flow.State;
        if (!CallerItem.GoesOn)
        {
            return;
        }

        if (CallerItem.IsBlocked)
        {
            Volatile.Write(ref _looksSinceCallerAtWork, Math.Min(_looksSinceCallerAtWork + 1, LooksUntilBlocked));
        }
        else
        {
            Volatile.Write(ref _looksSinceCallerAtWork, 0);
            Interlocked.Exchange(ref _callerLastAtWork, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Queues the body; called once, by the watch.</summary>
    public void Queue()
    {
        // Before anybody sees that it has begun: a pool that has not got it yet must not look as if nothing could run. It counts until the body's context does.
        EnterFlow();
        _limitedSince = Stopwatch.GetTimestamp();
        Task<Task> start = _start!;
        Volatile.Write(ref _start, null);
        start.Start(TaskScheduler.Default);
    }

    /// <summary>Ends the run when it has taken more real time than it may; called by the watch.</summary>
    /// <param name="mayHaveToWait">Whether a body that has not begun waits for others; to be seen whether nothing is to be waited for takes no time of the run's.</param>
    public void CheckRealTimeLimit(bool mayHaveToWait)
    {
        if (Options.RealTimeLimit != Timeout.InfiniteTimeSpan && (HasBegun || mayHaveToWait)
            && Stopwatch.GetElapsedTime(_limitedSince) > Options.RealTimeLimit && !Debugger.IsAttached)
        {
            Fail(new RealTimeLimitException(Observe().RealTimeLimit()));
        }
    }

    /// <summary>Has the body run where every kind of test runner has the same to offer: on the pool, without a context.</summary>
    protected void Begin(Func<Task> body)
    {
        // Takes the caller's context now; the watch queues it when it has seen what the pool does without it.
        _start = new Task<Task>(() => RunAsync(body), CancellationToken.None, TaskCreationOptions.DenyChildAttach);
        _limitedSince = _callerLastAtWork = Stopwatch.GetTimestamp();
        CallerItem = CallerItem.Current;
        Caller.Enter();
        PoolWatch.Add(this);
    }

    // The body's context has left this thread.
    private void NoteExit()
    {
        if (Thread.CurrentThread.IsThreadPoolThread)
        {
            LeaveFlow();
        }
    }

    // The body's context has come to this thread; called for each piece of code on each thread, so quick where all is well.
    private void NoteEntry()
    {
        Thread thread = Thread.CurrentThread;
        if (thread.IsThreadPoolThread)
        {
            EnterFlow();
            return;
        }

        if (_isOver)
        {
            return;
        }

        // Under no lock: an exception from here, of a thread that is interrupted while it waits, would end the process.
        Thread[] seen = Volatile.Read(ref _ownThreads);
        while (!seen.Contains(thread))
        {
            Thread[] before = Interlocked.CompareExchange(ref _ownThreads, [.. seen, thread], seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
