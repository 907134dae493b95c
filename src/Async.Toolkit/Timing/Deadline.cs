namespace Async.Toolkit.Timing;

/// <summary>
/// Strikes once when a span of time has passed, however long the span; the one way in which the library strikes a deadline.
/// </summary>
/// <remarks>
/// It never strikes before its span has passed by the clock's own timestamps. Moving a deadline away costs no call to the timer: the tick that
/// was ordered for the earlier time finds that it came too early and orders the next one. A deadline that is set again and again, one
/// operation after another, therefore touches its timer once per span, not once per operation.
/// </remarks>
internal abstract class Deadline(TimeProvider clock) : IDisposable
{
    private const string Origin = "Async.Toolkit";

    // The longest due time that a timer takes; longer spans are waited for in stretches.
    private static readonly TimeSpan LongestStretch = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private ITimer? _timer;
    private long _start;
    private TimeSpan _span;
    private bool _isSet;

    // When the next tick was ordered, and for how much later. It may come for a setting that is long gone.
    private long _orderedAt;
    private TimeSpan _orderedFor;
    private bool _isOrdered;

    // One thread at a time talks to the timer, outside of the gate: two could order their ticks in the wrong order.
    private bool _isOrdering;

    protected TimeProvider Clock => clock;

    /// <summary>Guards the setting, and whatever <see cref="Claim"/> decides about.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Calls back once, on the timer's thread, when the span has passed; <see langword="null"/> for an infinite span, which needs no timer.</summary>
    public static Deadline? After(TimeProvider clock, TimeSpan span, Action<object> strike, object state)
    {
        if (span == Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        var deadline = new CallbackDeadline(clock, strike, state);
        deadline.Set(clock.GetTimestamp(), span);
        return deadline;
    }

    /// <summary>
    /// The exception of a limit that struck. It is recognized by its source, so that a limit around another one that struck first does not say
    /// the same once more: only the owner of the strike says <see cref="TimeoutException"/>.
    /// </summary>
    public static TimeoutException Exceeded(string what, TimeSpan limit) =>
        new($"{what} did not end within its time limit of {limit}.") { Source = Origin };

    public static bool IsExceeded(Exception failure) => failure is TimeoutException { Source: Origin };

    /// <summary>No strike begins after this; one that is under way on another thread is not waited for.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            _isSet = false;
        }

        _timer?.Dispose();
    }

    /// <summary>Waits for <paramref name="span"/>, counted from the timestamp <paramref name="start"/>, in place of what was set before.</summary>
    protected void Set(long start, TimeSpan span)
    {
        bool mustOrder;
        lock (Gate)
        {
            mustOrder = Note(start, span);
        }

        if (mustOrder)
        {
            Order();
        }
    }

    /// <summary>The part of <see cref="Set"/> under the gate; where it gives <see langword="true"/>, <see cref="Order"/> must follow outside.</summary>
    protected bool Note(long start, TimeSpan span)
    {
        _isSet = span != Timeout.InfiniteTimeSpan;
        _start = start;
        _span = span;
        return MustOrder();
    }

    /// <summary>Under the gate: nothing is waited for any more. The timer stays for the next setting.</summary>
    protected void Clear() => _isSet = false;

    /// <summary>Has the timer tick no later than the deadline.</summary>
    protected void Order()
    {
        ITimer timer = _timer ??= CreateTimer();
        while (NextStretch() is { } stretch)
        {
            timer.Change(stretch, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The span has passed. Under the gate, so that nobody can set another one meanwhile; notes the strike unless it is unwanted by now.</summary>
    protected abstract bool Claim();

    /// <summary>What a claimed strike does; on the timer's thread, without the gate.</summary>
    protected abstract void Strike();

    // Under the gate. Gives the task of ordering to one thread, which keeps it until the next tick comes early enough.
    private bool MustOrder()
    {
        if (!_isSet || _isOrdering || TicksInTime())
        {
            return false;
        }

        _isOrdering = true;
        return true;
    }

    private bool TicksInTime() => _isOrdered && clock.GetElapsedTime(_start, _orderedAt) + _orderedFor <= _span;

    private TimeSpan? NextStretch()
    {
        long now = clock.GetTimestamp();
        lock (Gate)
        {
            if (!_isSet || TicksInTime())
            {
                _isOrdering = false;
                return null;
            }

            TimeSpan left = _span - clock.GetElapsedTime(_start, now);
            _orderedAt = now;
            _orderedFor = left < LongestStretch ? left : LongestStretch;
            _isOrdered = true;

            return DueIn(_orderedFor > TimeSpan.Zero ? _orderedFor : TimeSpan.Zero);
        }
    }

    // The system's timers count whole milliseconds and cut off the rest: a tick too early would have to be followed by another one at once.
    private TimeSpan DueIn(TimeSpan stretch) =>
        clock == TimeProvider.System ? TimeSpan.FromMilliseconds(Math.Ceiling(stretch.TotalMilliseconds)) : stretch;

    private ITimer CreateTimer()
    {
        // A timer keeps the execution context of its creator alive and runs in it; neither is wanted here.
        bool suppress = !ExecutionContext.IsFlowSuppressed();
        AsyncFlowControl flow = suppress ? ExecutionContext.SuppressFlow() : default;
        try
        {
            return clock.CreateTimer(static self => ((Deadline)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (suppress)
            {
                flow.Undo();
            }
        }
    }

    private void Tick()
    {
        long now = clock.GetTimestamp();
        bool mustOrder;
        lock (Gate)
        {
            _isOrdered = false;
            if (_isSet && clock.GetElapsedTime(_start, now) >= _span)
            {
                _isSet = false;
                if (!Claim())
                {
                    return;
                }

                mustOrder = false;
            }
            else if (MustOrder())
            {
                mustOrder = true;
            }
            else
            {
                return;
            }
        }

        if (mustOrder)
        {
            Order();
        }
        else
        {
            Strike();
        }
    }

    private sealed class CallbackDeadline(TimeProvider clock, Action<object> strike, object state) : Deadline(clock)
    {
        protected override bool Claim() => true;

        protected override void Strike() => strike(state);
    }
}
