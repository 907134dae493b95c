namespace Async.Toolkit.Testing;

/// <summary>The time of a run, as the code under test sees it.</summary>
internal sealed class VirtualClock(VirtualRun run) : TimeProvider
{
    // What the timers of the system take: code that asks for more fails in production, and must fail in a test too.
    private static readonly TimeSpan LongestDue = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => run.Options.LocalTimeZone;

    public static void CheckDue(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan && (value < TimeSpan.Zero || value > LongestDue))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between zero and {LongestDue}, or be Timeout.InfiniteTimeSpan.");
        }
    }

    public override long GetTimestamp() => run.Elapsed;

    public override DateTimeOffset GetUtcNow() => run.Options.StartTime.AddTicks(run.Elapsed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckDue(dueTime, nameof(dueTime));
        CheckDue(period, nameof(period));
        try
        {
            return run.CreateTimer(callback, state, dueTime, period);
        }
        catch (InvalidOperationException refusal) when (state?.GetType().DeclaringType == typeof(PeriodicTimer))
        {
            // Its finalizer disposes of the timer that it did not get, and so ends the process. It gets one that never fires, and the run, if it still goes on, fails.
            run.Fail(refusal);
            return new VirtualTimer(run, number: 0, callback, state, flowsContext: false) { IsDisposed = true };
        }
    }
}
