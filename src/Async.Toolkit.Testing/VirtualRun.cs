using System.Diagnostics;

namespace Async.Toolkit.Testing;

/// <summary>
/// One run: its clock, what waits for it, and what happens next. The pool runs the code under test; <see cref="PoolWatch"/> asks for the next step
/// whenever nothing can run.
/// </summary>
internal abstract partial class VirtualRun
{
    private static readonly AsyncLocal<VirtualRun?> Flowing = new(static change => change.CurrentValue?.NoteThread());

    private static readonly TimeSpan LongestEndOfThreads = TimeSpan.FromMilliseconds(200);

    private readonly TimerHeap _timers = new();
    private readonly EventPump _pump;
    private readonly Queue<VirtualWait> _settling = new();
    private readonly PriorityQueue<VirtualWait, (long Target, long Number)> _advancing = new();
    private readonly List<Thread> _ownThreads = [];
    private readonly RunScope? _scope;
    private readonly long _horizon;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _elapsed;
    private long _fired;
    private long _firedNow;
    private long _numbers;
    private int _realTimeSections;
    private int _callbacks;
    private VirtualTimer? _firing;
    private bool _bodyHasEnded;
    private volatile bool _isOver;

    protected VirtualRun(VirtualTimeOptions options)
    {
        Options = options;
        _horizon = (DateTimeOffset.MaxValue - options.StartTime).Ticks;
        Time = new VirtualTime(this);
        _pump = new EventPump(this);
        _scope = options.CheckForLeaks ? new RunScope() : null;
    }

    /// <summary>The run that the calling code belongs to.</summary>
    public static VirtualRun? Current => Flowing.Value is { IsOver: false } run ? run : null;

    public VirtualTimeOptions Options { get; }

    public VirtualTime Time { get; }

    /// <summary>Guards the state of the run and of its timers; no code of the user runs under it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Virtual time since the start, in ticks.</summary>
    public long Elapsed => Interlocked.Read(ref _elapsed);

    public bool IsOver => _isOver;

    /// <summary>The task that the body has returned; <see langword="null"/> until it has.</summary>
    protected abstract Task? Body { get; }

    public Task SettleAsync()
    {
        lock (Gate)
        {
            CheckCaller();
            var settled = new VirtualWait();
            _settling.Enqueue(settled);
            return settled.End;
        }
    }

    public Task AdvanceAsync(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (Gate)
        {
            CheckCaller();
            ArgumentOutOfRangeException.ThrowIfGreaterThan(by, TimeSpan.FromTicks(_horizon - _elapsed));
            var advanced = new VirtualWait();
            _advancing.Enqueue(advanced, (_elapsed + by.Ticks, ++_numbers));
            return advanced.End;
        }
    }

    public void EnterRealTime()
    {
        lock (Gate)
        {
            CheckCaller();
            _realTimeSections++;
        }
    }

    public void LeaveRealTime()
    {
        lock (Gate)
        {
            _realTimeSections--;
            PoolWatch.NoteEndOfRealWork();
        }
    }

    /// <summary>Called when nothing can run: sets going what is next.</summary>
    /// <param name="realWorkEnded">What <see cref="PoolWatch.RealWorkEnded"/> was before the look.</param>
    /// <returns>Whether anything was; otherwise the run waits for real work.</returns>
    public bool Step(long realWorkEnded)
    {
        NextStep step = TakeNext(realWorkEnded, out VirtualEvent? next);
        switch (step)
        {
            case NextStep.Event:
                _pump.Start(next!);
                break;
            case NextStep.End:
                LetThreadsEnd();
                EndWithoutLeaks();
                break;
            case NextStep.Deadlock:
                Fail(new VirtualTimeDeadlockException(Observe().Deadlock()));
                break;
        }

        return step != NextStep.None;
    }

    /// <summary>Called when nothing can run: takes the next event, and moves the clock to it.</summary>
    /// <param name="realWorkEnded">What <see cref="PoolWatch.RealWorkEnded"/> was before the look.</param>
    /// <param name="next">The event, if that is the answer.</param>
    public NextStep TakeNext(long realWorkEnded, out VirtualEvent? next)
    {
        next = null;
        lock (Gate)
        {
            // Real work that has ended since the look may have set going what the look did not see.
            if (_isOver || (_realTimeSections > 0 && !_bodyHasEnded) || PoolWatch.RealWorkEnded != realWorkEnded)
            {
                return NextStep.None;
            }

            if (_bodyHasEnded)
            {
                return NextStep.End;
            }

            next = _settling.TryDequeue(out VirtualWait? settled) ? settled : NextTimer() ?? (VirtualEvent?)NextTarget();
            return next is null ? NextStep.Deadlock : NextStep.Event;
        }
    }

    public void BeginCallback()
    {
        lock (Gate)
        {
            _callbacks++;
        }
    }

    public void EndCallback()
    {
        bool mayEnd;
        lock (Gate)
        {
            _firing = null;
            mayEnd = --_callbacks == 0 && _bodyHasEnded;
        }

        if (mayEnd)
        {
            EndWithBody();
        }
    }

    /// <summary>Ends the run with a failure, whatever still belongs to it.</summary>
    public void Fail(Exception failure)
    {
        if (TryEnd())
        {
            GiveFailure(failure);
        }
    }

    public void CheckRealTimeLimit()
    {
        if (Options.RealTimeLimit != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_startedAt) > Options.RealTimeLimit && !Debugger.IsAttached)
        {
            Fail(new RealTimeLimitException(Observe().RealTimeLimit()));
        }
    }

    protected abstract void GiveBody();

    protected abstract void GiveFailure(Exception failure);

    /// <summary>Runs the body where every kind of test runner has the same to offer: on the pool, without a context.</summary>
    protected void Begin(Func<Task> body)
    {
        Task.Run(() => RunAsync(body));

        // Not before the body is in the pool's queue: a look at the pool would see nothing, and call it a deadlock.
        PoolWatch.Add(this);
    }

    protected bool TryEnd()
    {
        lock (Gate)
        {
            if (_isOver)
            {
                return false;
            }

            _isOver = true;
            _timers.Clear();
        }

        PoolWatch.Remove(this);
        _scope?.Leave();
        return true;
    }

    private async Task RunAsync(Func<Task> body)
    {
        if (IsOver)
        {
            // Canceled while this was in the pool's queue: nothing of a run begins behind its end.
            return;
        }

        Flowing.Value = this;
        try
        {
            Task task = _scope is null ? body() : _scope.Enter(body);
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ = task.Exception; // observed, also when the run has ended before its body
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }

        bool mayEnd;
        lock (Gate)
        {
            // A callback that completes the body may yet fail; its failure must not come too late.
            _bodyHasEnded = true;
            mayEnd = _callbacks == 0;
        }

        if (mayEnd)
        {
            EndWithBody();
        }
    }

    private void EndWithBody()
    {
        // A leak is told from work that is about to end only when nothing can run any more: the next step looks for it.
        if ((!Options.CheckForLeaks || !Body!.IsCompletedSuccessfully) && TryEnd())
        {
            GiveBody();
        }
    }

    private void EndWithoutLeaks()
    {
        string? leaks = Observe().Leaks(LiveTree.Below(_scope!.Name));
        if (leaks is not null)
        {
            Fail(new LeakException(leaks));
        }
        else if (TryEnd())
        {
            GiveBody();
        }
    }
}
