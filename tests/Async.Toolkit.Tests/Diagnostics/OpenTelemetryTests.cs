using System.Diagnostics;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Pages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>What arrives at OpenTelemetry, with its own SDK.</summary>
[Collection(Listeners.Name)]
public sealed class OpenTelemetryTests : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<int> Events => [.. LogScenarios.ByEvent.Keys];

    public void Dispose() => ToolkitDiagnostics.LoggerFactory = null;

    [Theory]
    [MemberData(nameof(Events))]
    public async Task Every_log_message_arrives(int id)
    {
        var logs = new List<LogRecord>();
        using ILoggerFactory factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options => options.AddInMemoryExporter(new Locked<LogRecord>(logs))));
        ToolkitDiagnostics.LoggerFactory = factory;

        await LogScenarios.ByEvent[id](new LogScenarios(null));

        Assert.True(SpinWait.SpinUntil(() => Copy(logs).Any(record => record.EventId.Id == id), TimeSpan.FromSeconds(30)));
        Assert.Equal("Async.Toolkit", Copy(logs).First(record => record.EventId.Id == id).CategoryName);
    }

    [Fact]
    public async Task Every_metric_arrives()
    {
        var metrics = new List<Metric>();
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddMeter(ToolkitDiagnostics.MeterName).AddInMemoryExporter(metrics).Build();

        await WorkOfEveryKind();
        Assert.True(provider.ForceFlush());

        Assert.Equal(
            [
                "async_toolkit.child.active",
                "async_toolkit.child.canceled",
                "async_toolkit.child.failed",
                "async_toolkit.child.started",
                "async_toolkit.deadline.strikes",
                "async_toolkit.group.active",
                "async_toolkit.group.duration",
                "async_toolkit.page.fetched",
                "async_toolkit.wait.duration",
            ],
            metrics.Select(static metric => metric.Name).Order(StringComparer.Ordinal));
        Assert.Equal(3, Sum(metrics, "async_toolkit.page.fetched"));
        Assert.Equal(1, Sum(metrics, "async_toolkit.child.failed", "exported"));
        Assert.Equal(1, Sum(metrics, "async_toolkit.child.canceled", "exported"));
        Assert.Equal(6, Sum(metrics, "async_toolkit.child.started", "exported"));
        Assert.Equal(0, Sum(metrics, "async_toolkit.child.active", "exported"));
    }

    [Fact]
    public async Task Every_span_arrives_under_the_callers()
    {
        var spans = new List<Activity>();
        using var own = new ActivitySource("The test's own source");
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(ToolkitDiagnostics.ActivitySourceName, own.Name).AddInMemoryExporter(new Locked<Activity>(spans)).Build();

        ActivityTraceId trace;
        using (Activity caller = own.StartActivity("the caller's")!)
        {
            trace = caller.TraceId;
            await WorkOfEveryKind();
        }

        Assert.True(provider.ForceFlush());
        Activity[] exported = Copy(spans);
        Assert.All(exported, span => Assert.Equal(trace, span.TraceId));
        Assert.Equal(3, exported.Count(static span => span.DisplayName == "exported"));
        Assert.Equal(2, exported.Count(static span => span.DisplayName == "exported item"));
        Assert.Contains(exported, static span => span.DisplayName == "a child that fails" && span.Status == ActivityStatusCode.Error && span.Events.Any(static one => one.Name == "exception"));
        Assert.Contains(exported, static span => span.DisplayName == "Paging");
    }

    private static async Task WorkOfEveryKind()
    {
        var options = new TaskGroupOptions { Name = "exported", MaxConcurrency = 1, TraceChildren = true, FailurePolicy = FailurePolicy.Isolate };
        await TaskGroup.RunAsync(
            options,
            static async group =>
            {
                group.Start(static async _ => await Task.Yield());
                group.Start(static async _ => await Task.Yield());
                await group.Run(new ChildOptions { Name = "a child that fails" }, static _ => Task.FromException(new InvalidDataException())).Ended();
            },
            Cancel).Guarded();
        var clock = new FakeTimeProvider();
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = "exported", TimeProvider = clock, Timeout = TimeSpan.FromSeconds(1), TraceChildren = true },
            async group =>
            {
                var running = new Gate();
                Task child = group.Run(async ct =>
                {
                    running.Open();
                    await ct.UntilCanceled();
                });
                await running.Opened;
                clock.Advance(TimeSpan.FromSeconds(1));
                await child;
            },
            Cancel).OnlyFailure();
        await Gather.ForEachAsync([1, 2], new GatherOptions { Name = "exported", MaxConcurrency = 1, TraceItems = true }, static (_, _) => Task.CompletedTask, Cancel).Guarded();
        await Styles.ByCursor(PageServer.Of(3)).Prefetch(1).Loop();
        using var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Cancel);
        Task<AsyncSemaphore.Permit> waiting = semaphore.AcquireAsync(Cancel).AsTask();
        held.Dispose();
        (await waiting.Guarded()).Dispose();
    }

    private static double Sum(List<Metric> metrics, string name, string? group = null)
    {
        double sum = 0;
        foreach (ref readonly MetricPoint point in metrics.Single(metric => metric.Name == name).GetMetricPoints())
        {
            string? of = null;
            foreach (KeyValuePair<string, object?> tag in point.Tags)
            {
                of = tag.Key == "async_toolkit.group.name" ? (string?)tag.Value : of;
            }

            sum += of == group ? point.GetSumLong() : 0;
        }

        return sum;
    }

    private static T[] Copy<T>(List<T> list)
    {
        lock (list)
        {
            return [.. list];
        }
    }

    // The exporters add from whatever thread ends the work.
    private sealed class Locked<T>(List<T> list) : ICollection<T>
    {
        public int Count => Copy(list).Length;

        public bool IsReadOnly => false;

        public void Add(T item)
        {
            lock (list)
            {
                list.Add(item);
            }
        }

        public void Clear() => throw new NotSupportedException();

        public bool Contains(T item) => throw new NotSupportedException();

        public void CopyTo(T[] array, int arrayIndex) => throw new NotSupportedException();

        public bool Remove(T item) => throw new NotSupportedException();

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Copy(list)).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
