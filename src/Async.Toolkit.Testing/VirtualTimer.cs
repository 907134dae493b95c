namespace Async.Toolkit.Testing;

/// <summary>A timer on a virtual clock. Its callback runs on the thread pool, as that of a real timer does.</summary>
internal sealed class VirtualTimer : VirtualEvent, ITimer
{
    private readonly VirtualRun _run;
    private readonly TimerCallback _callback;
    private readonly object? _state;
#pragma warning disable CA2213 // Belongs to whoever runs in it, and its Dispose does nothing.
    private readonly ExecutionContext? _context;
#pragma warning restore CA2213
    private TaskCompletionSource? _callbackEnded;
    private bool _isCalling;

    public VirtualTimer(VirtualRun run, long number, TimerCallback callback, object? state, bool flowsContext)
    {
        _run = run;
        Number = number;
        _callback = callback;
        _state = state;
        _context = flowsContext ? ExecutionContext.Capture() : null;
    }

    /// <summary>Counts the timers of the run in the order of their creation.</summary>
    public long Number { get; }

    // What follows is guarded by the run's gate.

    /// <summary>When the timer fires next, in ticks since the start of the run.</summary>
    public long Due { get; set; }

    /// <summary>In ticks; zero for a timer that fires once.</summary>
    public long Period { get; set; }

    /// <summary>The timer's place in the heap, -1 for one that is not armed.</summary>
    public int Place { get; set; } = -1;

    public bool IsDisposed { get; set; }

    /// <summary>The wait that the timer ends, if it does nothing else.</summary>
    public VirtualWait? Wait => _state as VirtualWait;

    /// <summary>Says what it is, and whose; for messages.</summary>
    public string Name
    {
        get
        {
            if (Wait is { } wait)
            {
                return wait.Name;
            }

            Type? type = _state?.GetType() ?? _callback.Method.DeclaringType;
            while (type is { IsNested: true })
            {
                type = type.DeclaringType;
            }

            return $"{type?.Name ?? "unknown"} timer";
        }
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        VirtualClock.CheckDue(dueTime, nameof(dueTime));
        VirtualClock.CheckDue(period, nameof(period));
        return _run.Arm(this, dueTime, period);
    }

    public void Dispose() => _run.Disarm(this);

    public ValueTask DisposeAsync()
    {
        lock (_run.Gate)
        {
            Dispose();
            if (!_isCalling)
            {
                return ValueTask.CompletedTask;
            }

            _callbackEnded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_callbackEnded.Task);
        }
    }

    public override void Happen(ExecutionContext clean)
    {
        bool happens;
        lock (_run.Gate)
        {
            happens = !IsDisposed && !_run.IsOver;
            if (happens)
            {
                _isCalling = true;
                _run.BeginCallback();
            }
        }

        if (!happens)
        {
            LetGo();
            return;
        }

        try
        {
            ExecutionContext.Run(_context ?? clean, static self => ((VirtualTimer)self!).Invoke(), this);
        }
        catch (Exception failure)
        {
            _run.Fail(failure);
        }

        TaskCompletionSource? ended;
        lock (_run.Gate)
        {
            _isCalling = false;
            ended = _callbackEnded;
            _callbackEnded = null;
        }

        ended?.SetResult();
        _run.EndCallback();
    }

    // Whoever gave the run up did not find the wait among those that are set, nor does anybody end it any more.
    private void LetGo()
    {
        if (_run.IsGivenUp && !IsDisposed)
        {
            Wait?.GiveUp();
        }
    }

    private void Invoke() => _callback(_state);
}
