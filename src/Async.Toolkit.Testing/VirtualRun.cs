namespace Async.Toolkit.Testing;

/// <summary>
/// One run: its clock, what waits for it, and what happens next. The pool runs the code under test; <see cref="PoolWatch"/> asks for the next step
/// whenever nothing can run.
/// </summary>
internal abstract partial class VirtualRun
{
    private static readonly AsyncLocal<VirtualRun?> Flowing = new(static change =>
    {
        change.PreviousValue?.NoteExit();
        change.CurrentValue?.NoteEntry();
    });

    // A busy machine lets a thread wait for longer than it takes to end.
    private static readonly TimeSpan LongestEndOfThreads = TimeSpan.FromSeconds(2);

    private readonly TimerHeap _timers = new();
    private readonly EventPump _pump;
    private readonly Queue<VirtualWait> _settling = new();
    private readonly PriorityQueue<VirtualWait, (long Target, long Number)> _advancing = new();
    private readonly HashSet<VirtualDelay> _endless = [];
    private readonly RunScope? _scope;
    private readonly long _horizon;
    private Thread[] _ownThreads = [];
    private long _endsSince;
    private long _elapsed;
    private long _fired;
    private long _firedNow;
    private long _numbers;
    private int _realTimeSections;
    private int _callbacks;
    private VirtualTimer? _firing;
    private bool _bodyHasEnded;
    private volatile bool _isOver;
    private volatile bool _isGivenUp;

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

    /// <summary>Whether it was over before its body: nothing that still waits for its clock ends by itself.</summary>
    public bool IsGivenUp => _isGivenUp;

    /// <summary>Says whose run it is; for messages.</summary>
    public abstract string Name { get; }

    /// <summary>The task that the body has returned; <see langword="null"/> until it has.</summary>
    protected abstract Task? Body { get; }

    public Task SettleAsync()
    {
        lock (Gate)
        {
            CheckCaller();
            var settled = new VirtualWait("time.SettleAsync");
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
            var advanced = new VirtualWait("time.AdvanceAsync");
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

    /// <summary>Called by the watch when nothing can run: sets going what is next.</summary>
    /// <param name="realWorkEnded">What <see cref="PoolWatch.RealWorkEnded"/> was before the look.</param>
    /// <returns>Whether anything was; otherwise the run waits for real work, or for threads to end.</returns>
    public bool Step(long realWorkEnded)
    {
        NextStep step = TakeNext(realWorkEnded, _flowBeforeLook, own: 0, out VirtualEvent? next);
        switch (step)
        {
            case NextStep.Event:
                _pump.Start(next!);
                break;
            case NextStep.End when MayThreadsEnd():
                return false;
            case NextStep.End:
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
    /// <param name="flow">What <see cref="FlowState"/> was before the look.</param>
    /// <param name="own">How many of those inside the caller itself is.</param>
    /// <param name="next">The event, if that is the answer.</param>
    public NextStep TakeNext(long realWorkEnded, long flow, int own, out VirtualEvent? next)
    {
        next = null;
        lock (Gate)
        {
            // Real work that has ended since the look may have set going what the look did not see.
            if (_isOver || (_realTimeSections > 0 && !_bodyHasEnded) || PoolWatch.RealWorkEnded != realWorkEnded)
            {
                return NextStep.None;
            }

            // What the look has taken for the host's may have been the body's.
            if (RunFlow.InsideOf(flow) != own || _flow.State != flow)
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
        if (TryGiveUp())
        {
            GiveFailure(failure);
        }
    }

    protected abstract void GiveBody();

    protected abstract void GiveFailure(Exception failure);

    /// <summary>Ends the run before its body: whatever still waits for the clock is let go of.</summary>
    protected bool TryGiveUp()
    {
        if (!TryEnd(isGivenUp: true, out IReadOnlyList<VirtualWait> waits))
        {
            return false;
        }

        if (Inside > 0)
        {
            LeftBehind.Add(this);
        }

        foreach (VirtualWait wait in waits)
        {
            wait.GiveUp();
        }

        return true;
    }

    private bool TryEnd(bool isGivenUp, out IReadOnlyList<VirtualWait> waits)
    {
        lock (Gate)
        {
            if (_isOver)
            {
                waits = [];
                return false;
            }

            _isGivenUp = isGivenUp;
            _isOver = true;
            waits = isGivenUp ? [.. _settling, .. _advancing.UnorderedItems.Select(static item => item.Element), .. _endless, .. TimedWaits()] : [];
            _timers.Clear();
        }

        Caller.End();
        PoolWatch.Remove(this);
        _scope?.Leave();
        return true;
    }

    private async Task RunAsync(Func<Task> body)
    {
        if (IsOver)
        {
            // Canceled while this was in the pool's queue: nothing of a run begins behind its end.
            LeaveFlow();
            return;
        }

        Flowing.Value = this;
        LeaveFlow();
        CallerFlow.Leave();
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
        if ((!Options.CheckForLeaks || !Body!.IsCompletedSuccessfully) && TryEnd(isGivenUp: false, out _))
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
        else if (TryEnd(isGivenUp: false, out _))
        {
            GiveBody();
        }
    }
}
