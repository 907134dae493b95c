using System.Diagnostics;
using System.Diagnostics.Metrics;
using Async.Toolkit.Benchmarks.Suite;
using Async.Toolkit.Diagnostics;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "While somebody listens",
    "What metrics and spans cost: 100,000 children that yield once, in one group, without a limit and 16 at a time.",
    Unit = "child",
    Units = Children)]
public class DiagnosticsBenchmarks
{
    private const int Children = 100_000;

    private static readonly TaskGroupOptions Limited = new() { MaxConcurrency = 16 };

    private IDisposable? _listener;

    [GlobalSetup(Targets = [nameof(MetricsOn), nameof(MetricsOnUnderLimit)])]
    public void ListenToMetrics()
    {
        var meters = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == ToolkitDiagnostics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        meters.Start();
        _listener = meters;
    }

    [GlobalSetup(Target = nameof(SpansOn))]
    public void ListenToSpans()
    {
        var spans = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ToolkitDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(spans);
        _listener = spans;
    }

    [GlobalCleanup]
    public void StopListening() => _listener?.Dispose();

    [Ours]
    [Benchmark(Baseline = true, Description = "nobody listens")]
    public Task Off() => StartAsync(null);

    [Ours]
    [Benchmark(Description = "metrics")]
    public Task MetricsOn() => StartAsync(null);

    [Ours]
    [Benchmark(Description = "spans")]
    public Task SpansOn() => StartAsync(null);

    [Ours]
    [Benchmark(Description = "nobody listens, limit of 16")]
    public Task OffUnderLimit() => StartAsync(Limited);

    [Ours]
    [Benchmark(Description = "metrics, limit of 16")]
    public Task MetricsOnUnderLimit() => StartAsync(Limited);

    private static Task StartAsync(TaskGroupOptions? options) =>
        TaskGroup.RunAsync(options ?? new(), static group =>
        {
            for (int i = 0; i < Children; i++)
            {
                group.Start(static async _ => await Task.Yield());
            }

            return ValueTask.CompletedTask;
        });
}
