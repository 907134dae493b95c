using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

/// <summary>All at once, with results: what asyncio's gather does and Task.WhenAll is used for.</summary>
[MemoryDiagnoser]
public class GatherAllBenchmarks
{
    private static readonly IEnumerable<int> Source = Enumerable.Range(0, 200_000);

    [Benchmark(Baseline = true)]
    public Task<int[]> WhenAllOverTaskRun() => Task.WhenAll(Source.Select(static item => Task.Run(() => BodyAsync(item, CancellationToken.None))));

    [Benchmark]
    public Task<int[]> GatherAllAsync() => Gather.AllAsync(Source, BodyAsync);

    private static async Task<int> BodyAsync(int item, CancellationToken token)
    {
        await Task.Yield();
        return item;
    }
}
