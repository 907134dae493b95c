using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Gather all at once",
    "200,000 items without a limit, with results: what asyncio's gather does and Task.WhenAll is used for.",
    Unit = "item",
    Units = Items)]
[Target(nameof(GatherAllAsync), Measure.Time, 0.6, Rival = nameof(WhenAllOverTaskRun))]
[Target(nameof(GatherAllAsync), Measure.Bytes, 0.45, Rival = nameof(WhenAllOverTaskRun))]
public class GatherAllBenchmarks
{
    private const int Items = 200_000;
    private static readonly IEnumerable<int> Source = Enumerable.Range(0, Items);

    [Benchmark(Baseline = true, Description = "WhenAll over Task.Run")]
    public Task<int[]> WhenAllOverTaskRun() => Task.WhenAll(Source.Select(static item => Task.Run(() => BodyAsync(item, CancellationToken.None))));

    [Ours]
    [Benchmark(Description = "Gather.AllAsync")]
    public Task<int[]> GatherAllAsync() => Gather.AllAsync(Source, BodyAsync);

    private static async Task<int> BodyAsync(int item, CancellationToken token)
    {
        await Task.Yield();
        return item;
    }
}
