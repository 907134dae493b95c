namespace Async.Toolkit.Timing;

/// <summary>
/// Calls back once when a span of time has passed, however long the span; the one way in which the library strikes a deadline.
/// The callback runs on the timer's thread and must only note the strike and hand on the rest.
/// </summary>
internal sealed class Deadline : IDisposable
{
    // The longest due time that a timer takes; longer spans are waited for in stretches.
    private static readonly TimeSpan LongestStretch = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly TimeProvider _clock;
    private readonly Action<object> _strike;
    private readonly object _state;
    private readonly long _start;
    private readonly TimeSpan _span;
    private readonly ITimer _timer;

    private Deadline(TimeProvider clock, TimeSpan span, Action<object> strike, object state)
    {
        _clock = clock;
        _strike = strike;
        _state = state;
        _span = span;
        _start = clock.GetTimestamp();

        // A timer keeps the execution context of its creator alive and runs in it; neither is wanted here.
        bool suppress = !ExecutionContext.IsFlowSuppressed();
        AsyncFlowControl flow = suppress ? ExecutionContext.SuppressFlow() : default;
        try
        {
            _timer = clock.CreateTimer(static self => ((Deadline)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (suppress)
            {
                flow.Undo();
            }
        }

        // Armed only now: a tick before the field is set could not extend itself.
        Arm(span);
    }

    /// <summary>Starts to wait; <see langword="null"/> for an infinite span, which needs no timer.</summary>
    public static Deadline? After(TimeProvider clock, TimeSpan span, Action<object> strike, object state) =>
        span == Timeout.InfiniteTimeSpan ? null : new Deadline(clock, span, strike, state);

    /// <summary>No strike begins after this; one that is under way on another thread is not waited for.</summary>
    public void Dispose() => _timer.Dispose();

    private void Arm(TimeSpan left) =>
        _timer.Change(left < LongestStretch ? left : LongestStretch, Timeout.InfiniteTimeSpan);

    private void Tick()
    {
        if (_span > LongestStretch && _span - _clock.GetElapsedTime(_start) is var left && left > TimeSpan.Zero)
        {
            Arm(left);
            return;
        }

        _strike(_state);
    }
}
