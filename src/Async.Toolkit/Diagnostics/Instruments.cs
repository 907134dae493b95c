using System.Diagnostics.Metrics;

namespace Async.Toolkit.Diagnostics;

/// <summary>Every instrument of the library. One whose listener threw when it was published is not there for anybody.</summary>
internal static class Instruments
{
    private static readonly Meter Meter = new(ToolkitDiagnostics.MeterName, ToolkitDiagnostics.Version);

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    public static readonly Instrument? ActiveGroups = Published(static () =>
        Meter.CreateObservableUpDownCounter("async_toolkit.group.active", static () => GroupCounts.ActiveGroups(), "{group}", "Groups and gathers that have begun and not ended."));

    public static readonly Instrument? ActiveChildren = Published(static () =>
        Meter.CreateObservableUpDownCounter("async_toolkit.child.active", static () => GroupCounts.ActiveChildren(), "{child}", "Children that run, and workers of gathers."));

    public static readonly Instrument? Started = Published(static () =>
        Meter.CreateObservableCounter("async_toolkit.child.started", static () => GroupCounts.Started(), "{child}", "Children and items of gathers that were begun, counted while somebody listens."));

    public static readonly Counter<long>? Failed = Published(static () =>
        Meter.CreateCounter<long>("async_toolkit.child.failed", "{child}", "Children and items of gathers that failed."));

    public static readonly Counter<long>? Canceled = Published(static () =>
        Meter.CreateCounter<long>("async_toolkit.child.canceled", "{child}", "Children and items of gathers that were canceled, also before they were begun."));

    public static readonly Histogram<double>? GroupDuration = Published(static () =>
        Meter.CreateHistogram("async_toolkit.group.duration", "s", "How long a group or a gather took, from its call to its end.", tags: null, Seconds));

    public static readonly Histogram<double>? WaitDuration = Published(static () =>
        Meter.CreateHistogram("async_toolkit.wait.duration", "s", "How long somebody waited to be let in; who need not wait is not counted.", tags: null, Seconds));

    public static readonly Counter<long>? DeadlineStrikes = Published(static () =>
        Meter.CreateCounter<long>("async_toolkit.deadline.strikes", "{strike}", "Time limits that struck."));

    public static readonly Counter<long>? PagesFetched = Published(static () =>
        Meter.CreateCounter<long>("async_toolkit.page.fetched", "{page}", "Pages that were fetched."));

    private static T? Published<T>(Func<T> create)
        where T : Instrument
    {
        try
        {
            return create();
        }
        catch (Exception)
        {
            // A listener that throws here must not keep this type from being usable.
            return null;
        }
    }
}
