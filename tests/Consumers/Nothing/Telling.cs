using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Nothing;

/// <summary>Logs, metrics, spans and events.</summary>
internal static partial class Telling
{
    private static readonly ActivitySource Spans = new("Nothing");
    private static readonly Meter Meter = new("Nothing");
    private static readonly UpDownCounter<long> Running = Meter.CreateUpDownCounter<long>("running");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("duration", "s");

    public static ILogger? Log { get; set; }

    public static async Task<T> AroundAsync<T>(string name, Func<Task<T>> work)
    {
        using Activity? span = Spans.StartActivity(name);
        long start = Stopwatch.GetTimestamp();
        var tag = new KeyValuePair<string, object?>("name", name);
        Running.Add(1, tag);
        Events.Instance.Began(start, name);
        try
        {
            return await work();
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            span?.AddException(failure);
            throw;
        }
        finally
        {
            Running.Add(-1, tag);
            Durations.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
            Events.Instance.Ended(start, name);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Name} failed.")]
    public static partial void Failed(ILogger log, Exception failure, string name);

    [EventSource(Name = "Nothing")]
    private sealed class Events : EventSource
    {
        public static Events Instance { get; } = new();

        [Event(1, Level = EventLevel.Verbose)]
        public void Began(long id, string name) => WriteEvent(1, id, name);

        [Event(2, Level = EventLevel.Verbose)]
        public void Ended(long id, string name) => WriteEvent(2, id, name);
    }
}
