using System.Diagnostics;
using System.Diagnostics.Metrics;
using Async.Toolkit.Diagnostics;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

/// <summary>What a child costs while somebody listens: the same children as in <see cref="SpawnAndJoinBenchmarks"/>, in one group.</summary>
[MemoryDiagnoser]
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

    [Benchmark(Baseline = true)]
    public Task Off() => StartAsync(null);

    [Benchmark]
    public Task MetricsOn() => StartAsync(null);

    [Benchmark]
    public Task SpansOn() => StartAsync(null);

    [Benchmark]
    public Task OffUnderLimit() => StartAsync(Limited);

    [Benchmark]
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
