using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Async.Toolkit.Diagnostics;

internal static partial class Report
{
    public static bool IsCountingStarted => Instruments.Started is { Enabled: true };

    public static bool IsTimingGroups => Instruments.GroupDuration is { Enabled: true };

    public static bool IsTimingWaits => Instruments.WaitDuration is { Enabled: true };

    public static void CountFailed(string group, Exception failure)
    {
        if (Instruments.Failed is { Enabled: true } failed)
        {
            Count(failed, 1, new() { NameOf(group), { Tags.ErrorType, TypeOf(failure) } });
        }
    }

    public static void CountCanceled(string group, int children = 1)
    {
        if (Instruments.Canceled is { Enabled: true } canceled && children > 0)
        {
            Count(canceled, children, new() { NameOf(group) });
        }
    }

    public static void CountPage()
    {
        if (Instruments.PagesFetched is { Enabled: true } fetched)
        {
            Count(fetched, 1, default);
        }
    }

    /// <param name="kind">What the limit was for.</param>
    /// <param name="group">The name of the group or the operation, where there is one.</param>
    public static void CountStrike(DeadlineKind kind, string? group)
    {
        if (Instruments.DeadlineStrikes is not { Enabled: true } strikes)
        {
            return;
        }

        TagList tags = new() { { Tags.DeadlineKind, kind switch { DeadlineKind.Group => "group", DeadlineKind.Item => "item", _ => "operation" } } };
        if (group is not null)
        {
            tags.Add(NameOf(group));
        }

        Count(strikes, 1, tags);
    }

    /// <summary>The present moment, for the measurement of a duration; <see langword="null"/> where the clock is broken, which costs only the measurement.</summary>
    public static long? Timestamp(TimeProvider clock)
    {
        try
        {
            return clock.GetTimestamp();
        }
        catch (Exception)
        {
            return null;
        }
    }

    public static void Waited(WaitKind kind, string? group, TimeProvider clock, long since)
    {
        TagList tags = new() { { Tags.WaitKind, kind switch { WaitKind.Limit => "limit", WaitKind.Rate => "rate", _ => "semaphore" } } };
        if (group is not null)
        {
            tags.Add(NameOf(group));
        }

        Measure(Instruments.WaitDuration, clock, since, tags);
    }

    /// <param name="group">The name of the group.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="failure">What it failed with, if it did.</param>
    /// <param name="clock">The clock of the group.</param>
    /// <param name="since">When it began.</param>
    public static void GroupTook(string group, string outcome, Exception? failure, TimeProvider clock, long since)
    {
        TagList tags = new() { NameOf(group), { Tags.Outcome, outcome } };
        if (failure is not null)
        {
            tags.Add(Tags.ErrorType, TypeOf(failure));
        }

        Measure(Instruments.GroupDuration, clock, since, tags);
    }

    public static string TypeOf(Exception failure) => failure.GetType().FullName ?? failure.GetType().Name;

    private static KeyValuePair<string, object?> NameOf(string group) => new(Tags.GroupName, MetricNames.OfProcess.Of(group));

    private static void Count(Counter<long> counter, long amount, in TagList tags)
    {
        try
        {
            counter.Add(amount, tags);
        }
        catch (Exception)
        {
            // A listener's own trouble, here and below.
        }
    }

    private static void Measure(Histogram<double>? duration, TimeProvider clock, long since, in TagList tags)
    {
        try
        {
            duration?.Record(clock.GetElapsedTime(since).TotalSeconds, tags);
        }
        catch (Exception)
        {
        }
    }
}
