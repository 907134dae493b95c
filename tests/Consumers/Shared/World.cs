using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Shared;

/// <summary>What a program with the library and one without it both need around them.</summary>
internal static class Expect
{
    public static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Not so: {what}.");
        }

        Console.WriteLine(what);
    }

    public static async Task<T> ThrowsAsync<T>(Func<Task> work)
        where T : Exception
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (T expected)
        {
            return expected;
        }

        throw new InvalidOperationException($"Nothing threw a {typeof(T).Name}.");
    }
}

internal sealed record Item(int Number, string Name);

[JsonSerializable(typeof(Item[]))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class ItemJson : JsonSerializerContext;

/// <summary>Serves pages of items, each with a Link header that names the next one.</summary>
internal sealed class LinkServer(int pages) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        int page = int.Parse(request.RequestUri!.Query.TrimStart('?'), CultureInfo.InvariantCulture);
        string json = JsonSerializer.Serialize([new Item(page, $"item {page}")], ItemJson.Default.ItemArray);
        var response = new HttpResponseMessage { Content = new StringContent(json) };
        if (page < pages)
        {
            response.Headers.Add("Link", $"<?{page + 1}>; rel=\"next\"");
        }

        return response;
    }
}

internal sealed class Journal : ILoggerFactory, ILogger
{
    private int _lines;

    public int Lines => Volatile.Read(ref _lines);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref _lines);
        Console.WriteLine($"{logLevel} {eventId.Id}: {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}

/// <summary>Counts everything that a meter, an activity source and an event source of the given names tell.</summary>
internal sealed class Audience : EventListener
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _spans = new();
    private readonly string _eventSource;
    private int _measurements;
    private int _spansStopped;
    private int _events;

    public Audience(string meter, string activitySource, string eventSource)
    {
        _eventSource = eventSource;
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (string.Equals(instrument.Meter.Name, meter, StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, _, _, _) => Interlocked.Increment(ref _measurements));
        _meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _measurements));
        _meters.Start();
        _spans.ShouldListenTo = source => string.Equals(source.Name, activitySource, StringComparison.Ordinal);
        _spans.Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData;
        _spans.ActivityStopped = _ => Interlocked.Increment(ref _spansStopped);
        ActivitySource.AddActivityListener(_spans);
        foreach (EventSource source in EventSource.GetSources())
        {
            OnEventSourceCreated(source);
        }
    }

    public int Measurements => Volatile.Read(ref _measurements);

    public int Spans => Volatile.Read(ref _spansStopped);

    public int Events => Volatile.Read(ref _events);

    public override void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
        base.Dispose();
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        // Called by the base class too, before there is a name.
        if (_eventSource is not null && string.Equals(eventSource.Name, _eventSource, StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) => Interlocked.Increment(ref _events);
}
