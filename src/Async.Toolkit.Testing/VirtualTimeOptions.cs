namespace Async.Toolkit.Testing;

/// <summary>Settings of a <see cref="VirtualTime"/> run. Immutable and checked when set, so one object can serve many runs and threads.</summary>
public sealed class VirtualTimeOptions
{
    internal static readonly VirtualTimeOptions Default = new();

    /// <summary>What the virtual clock shows when the run begins.</summary>
    /// <value>Any time; it is converted to UTC. Default midnight of 1 January 2000, UTC. The clock cannot pass the end of the year 9999.</value>
    public DateTimeOffset StartTime
    {
        get;
        init => field = value.ToUniversalTime();
    }
    = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The local time zone of the virtual clock.</summary>
    /// <value>Default <see cref="TimeZoneInfo.Utc"/>, whatever the machine is set to.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeZoneInfo LocalTimeZone
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(LocalTimeZone));
    }
    = TimeZoneInfo.Utc;

    /// <summary>How much real time the run may take; past it, it ends with a <see cref="RealTimeLimitException"/> that says what kept it.</summary>
    /// <value>
    /// More than zero, or infinite. Default 30 seconds, from the beginning of the body; waiting for the rest of the process to leave the thread pool alone counts. A body that cannot begin, since
    /// something has stopped the clocks of earlier runs, waits for as long at most, too. While a debugger is attached there is no limit.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero, or negative and not infinite.</exception>
    public TimeSpan RealTimeLimit
    {
        get;
        init => field = value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RealTimeLimit), value, $"{nameof(RealTimeLimit)} must be more than zero, or Timeout.InfiniteTimeSpan.");
    }
    = TimeSpan.FromSeconds(30);

    /// <summary>Whether a run whose body succeeded fails with a <see cref="LeakException"/> when anything of it is left.</summary>
    /// <value>
    /// Default <see langword="false"/>. Left is what still waits for the virtual clock (a delay nobody awaits, a timer nobody has disposed) once
    /// nothing can run any more, a group or gather that has not ended, an open <see cref="VirtualTime.RealTimeAsync(Func{Task})"/> section, a thread that the
    /// body has started.
    /// </value>
    /// <remarks>To tell its own from those of other tests, such a run is a group itself: the task tree, logs, metrics and traces show it.</remarks>
    public bool CheckForLeaks { get; init; }
}
