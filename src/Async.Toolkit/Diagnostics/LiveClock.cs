namespace Async.Toolkit.Diagnostics;

/// <summary>The clock of the task tree, in milliseconds. Coarse for the system's own time: every group reads it.</summary>
internal static class LiveClock
{
    public const long Unknown = long.MinValue;

    /// <param name="time">The clock of the work itself.</param>
    /// <param name="mayAsk">Whether a clock that is not the system's may be asked: it is user code.</param>
    public static long Now(TimeProvider time, bool mayAsk)
    {
        if (ReferenceEquals(time, TimeProvider.System))
        {
            return Environment.TickCount64;
        }

        if (!mayAsk)
        {
            return Unknown;
        }

        try
        {
            return (long)time.GetElapsedTime(0).TotalMilliseconds;
        }
        catch (Exception)
        {
            // The tree only looks on: a broken clock costs it the age, and the work nothing.
            return Unknown;
        }
    }

    public static TimeSpan? Age(long started, long now) =>
        started == Unknown || now == Unknown ? null : TimeSpan.FromMilliseconds(Math.Max(0, now - started));
}
