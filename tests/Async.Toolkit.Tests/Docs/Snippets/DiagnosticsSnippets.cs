using System.Diagnostics;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code that docs/diagnostics.md shows, run as it stands.</summary>
[Collection(Listeners.Name)]
public sealed class DiagnosticsSnippets : IDisposable
{
    // The code shown waits as its reader would, without a guard of its own.
    private const int GuardMilliseconds = 30_000;

    public void Dispose() => ToolkitDiagnostics.LoggerFactory = null;

    [Fact(Timeout = GuardMilliseconds)]
    public async Task One_factory_for_the_process()
    {
        var logger = new FakeLogger();
        ILoggerFactory loggerFactory = new FakeLoggerFactory(() => logger);

        // snippet: diagnostics-factory
        ToolkitDiagnostics.LoggerFactory = loggerFactory; // once, at the start of the program
        // end-snippet

        await TaskGroup.RunAsync(static _ => throw new InvalidDataException(), TestContext.Current.CancellationToken).OnlyFailure();
        Assert.Single(logger.Of(1));
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Spans_of_children()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var spans = new SpanRecorder();
        var seen = new List<string>();
        async Task ImportAsync(string what, CancellationToken ct)
        {
            await Task.Yield();
            lock (seen)
            {
                seen.Add($"{what} in {Activity.Current!.DisplayName}");
            }
        }

        // snippet: diagnostics-children
        var options = new TaskGroupOptions { Name = "import", TraceChildren = true };
        await TaskGroup.RunAsync(options, async group =>
        {
            group.Start(new ChildOptions { Name = "customers" }, ct => ImportAsync("customers", ct)); // a span each
            group.Start(new ChildOptions { Name = "orders" }, ct => ImportAsync("orders", ct));
            await ImportAsync("settings", group.CancellationToken);                                   // in the group's span
        }, cancellationToken);
        // end-snippet

        Assert.Equal(["customers in customers", "orders in orders", "settings in import"], seen.Order(StringComparer.Ordinal));
        Assert.Equal(3, spans.Ended.Count);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task With_OpenTelemetry()
    {
        var metrics = new List<Metric>();
        var spans = new List<Activity>();
        var logs = new List<LogRecord>();

        // snippet: diagnostics-opentelemetry
        using MeterProvider meters = Sdk.CreateMeterProviderBuilder()
            .AddMeter(ToolkitDiagnostics.MeterName)
            .AddInMemoryExporter(metrics) // or the exporter that you use
            .Build();
        using TracerProvider tracers = Sdk.CreateTracerProviderBuilder()
            .AddSource(ToolkitDiagnostics.ActivitySourceName)
            .AddInMemoryExporter(spans)
            .Build();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(to => to.AddInMemoryExporter(logs)));
        ToolkitDiagnostics.LoggerFactory = loggers;
        // end-snippet

        await TaskGroup.RunAsync(static _ => throw new InvalidDataException(), TestContext.Current.CancellationToken).OnlyFailure();
        Assert.True(meters.ForceFlush() && tracers.ForceFlush());

        Assert.Contains(metrics, static metric => metric.Name == "async_toolkit.group.duration");
        Assert.Equal("TaskGroup", Assert.Single(spans).DisplayName);
        Assert.Equal(1, Assert.Single(logs).EventId.Id);
    }
}
