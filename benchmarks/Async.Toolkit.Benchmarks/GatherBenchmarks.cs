using Async.Toolkit.Benchmarks.Strategies;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using EnumerableAsyncProcessor.Extensions;

namespace Async.Toolkit.Benchmarks;

/// <remarks>
/// The pool runs in two regimes, with one or two active threads on two cores, and drifts between them; compare rows of the same run only.
/// </remarks>
[Part(
    "Throttled gather",
    "What a limit costs: the same body for each of 200,000 items, under the same limit. A body that yields once shows the hand-over between items; one that completes at once shows the bare loop.",
    Unit = "item",
    Units = Items)]
[Target(nameof(GatherForEachAsync), Measure.Time, 0.85, Rival = nameof(ParallelForEachAsync), Where = "Limit=8, Waits=True")]
[Target(nameof(GatherForEachAsync), Measure.Time, 0.85, Rival = nameof(ParallelForEachAsync), Where = "Limit=16, Waits=True")]
[Target(nameof(GatherForEachAsync), Measure.Time, 0.7, Rival = nameof(ParallelForEachAsync), Where = "Limit=100, Waits=True")]
[Target(nameof(GatherForEachAsync), Measure.Time, 0.2, Rival = nameof(ParallelForEachAsync), Where = "Waits=False")]
[Target(nameof(GatherForEachAsync), Measure.Time, 1.0)]
[Target(nameof(GatherForEachAsync), Measure.BytesMore, 4, Rival = nameof(Sequential))]
public class GatherBenchmarks
{
    private const int Items = 200_000;

    private static readonly IEnumerable<int> Source = Enumerable.Range(0, Items);

    private Func<int, CancellationToken, ValueTask> _body = null!;

    [Params(8, 16, 100)]
    public int Limit { get; set; }

    [Params(true, false)]
    public bool Waits { get; set; }

    [GlobalSetup]
    public void Choose() => _body = Waits ? static async (_, _) => await Task.Yield() : static (_, _) => ValueTask.CompletedTask;

    [Benchmark(Baseline = true, Description = "Parallel.ForEachAsync")]
    public Task ParallelForEachAsync() => BclStrategies.ParallelForEachAsync(Source, Limit, _body, default);

    [Ours]
    [Benchmark(Description = "Gather.ForEachAsync")]
    public Task GatherForEachAsync() => ToolkitStrategies.GatherAsync(Source, Limit, _body, default);

    [Benchmark(Description = "SemaphoreSlim + WhenAll")]
    public Task SemaphoreSlimAndWhenAll() => BclStrategies.SemaphoreSlimAsync(Source, Limit, _body, default);

    [Benchmark(Description = "Channel + workers")]
    public Task ChannelWorkers() => BclStrategies.ChannelWorkersAsync(Source, Limit, _body, default);

    [Benchmark(Description = "Dataflow ActionBlock")]
    public Task Dataflow() => BclStrategies.DataflowAsync(Source, Limit, _body, default);

    [Benchmark(Description = "EnumerableAsyncProcessor")]
    public async Task EnumerableAsyncProcessor()
    {
        await using var processor = Source.ForEachAsync(item => _body(item, CancellationToken.None).AsTask()).ProcessInParallel(Limit);
        await processor.WaitAsync();
    }

    [Aside("one item at a time")]
    [Benchmark(Description = "one after another")]
    public Task Sequential() => BclStrategies.SequentialAsync(Source, Limit, _body, default);
}
