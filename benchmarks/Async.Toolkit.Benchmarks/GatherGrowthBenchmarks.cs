using Async.Toolkit.Benchmarks.Strategies;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using EnumerableAsyncProcessor.Extensions;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Throttled gather, more and more items",
    "The same work for more and more items, 16 at a time, each item yielding once: does an item get dearer when there are many?",
    Unit = "item",
    UnitsParameter = nameof(Items))]
[Target(nameof(GatherForEachAsync), Measure.TimeGrowth, 1.0)]
[Target(nameof(GatherForEachAsync), Measure.BytesGrowth, 1.0)]
public class GatherGrowthBenchmarks
{
    private const int Limit = 16;
    private static readonly Func<int, CancellationToken, ValueTask> Body = static async (_, _) => await Task.Yield();

    [Params(10_000, 100_000, 1_000_000)]
    public int Items { get; set; }

    private IEnumerable<int> Source => Enumerable.Range(0, Items);

    [Benchmark(Baseline = true, Description = "Parallel.ForEachAsync")]
    public Task ParallelForEachAsync() => BclStrategies.ParallelForEachAsync(Source, Limit, Body, default);

    [Ours]
    [Benchmark(Description = "Gather.ForEachAsync")]
    public Task GatherForEachAsync() => ToolkitStrategies.GatherAsync(Source, Limit, Body, default);

    [Ours]
    [Benchmark(Description = "TaskGroup")]
    public Task GroupWithLimit() => ToolkitStrategies.TaskGroupAsync(Source, Limit, Body, default);

    [Benchmark(Description = "SemaphoreSlim + WhenAll")]
    public Task SemaphoreSlimAndWhenAll() => BclStrategies.SemaphoreSlimAsync(Source, Limit, Body, default);

    [Benchmark(Description = "Channel + workers")]
    public Task ChannelWorkers() => BclStrategies.ChannelWorkersAsync(Source, Limit, Body, default);

    [Benchmark(Description = "Dataflow ActionBlock")]
    public Task Dataflow() => BclStrategies.DataflowAsync(Source, Limit, Body, default);

    [Benchmark(Description = "EnumerableAsyncProcessor")]
    public async Task EnumerableAsyncProcessor()
    {
        await using var processor = Source.ForEachAsync(static item => Body(item, CancellationToken.None).AsTask()).ProcessInParallel(Limit);
        await processor.WaitAsync();
    }
}
