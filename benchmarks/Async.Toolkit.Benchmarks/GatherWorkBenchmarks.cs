using Async.Toolkit.Benchmarks.Strategies;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using EnumerableAsyncProcessor.Extensions;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Throttled gather, real work",
    "Items that do something: 20 µs of computing for each of 4,000 items, 8 at a time; or a random wait of 1 to 10 ms for each of 2,000 items, 100 at a time. SemaphoreSlim + WhenAll wraps the computing in Task.Run: one thread would do all of it otherwise.",
    Unit = "call")]
public class GatherWorkBenchmarks
{
    private WorkPlan _plan = null!;
    private int _limit;

    [Params(WorkKind.Computing, WorkKind.RandomLatency)]
    public WorkKind Kind { get; set; }

    [GlobalSetup]
    public void Draw() => (_plan, _limit) = Kind == WorkKind.Computing
        ? (new WorkPlan(4_000, Latency.Parse("none"), TimeSpan.FromMicroseconds(20), seed: 1), 8)
        : (new WorkPlan(2_000, Latency.Parse("uniform:1ms..10ms"), TimeSpan.Zero, seed: 1), 100);

    [Benchmark(Baseline = true, Description = "Parallel.ForEachAsync")]
    public Task ParallelForEachAsync() => RunAsync("parallel");

    [Ours]
    [Benchmark(Description = "Gather.ForEachAsync")]
    public Task GatherForEachAsync() => RunAsync("gather");

    [Ours]
    [Benchmark(Description = "TaskGroup")]
    public Task GroupWithLimit() => RunAsync("taskgroup");

    [Benchmark(Description = "SemaphoreSlim + WhenAll")]
    public Task SemaphoreSlimAndWhenAll() => RunAsync("semaphore");

    [Benchmark(Description = "Channel + workers")]
    public Task ChannelWorkers() => RunAsync("channel");

    [Benchmark(Description = "Dataflow ActionBlock")]
    public Task Dataflow() => RunAsync("dataflow");

    [Benchmark(Description = "EnumerableAsyncProcessor")]
    public async Task EnumerableAsyncProcessor()
    {
        var work = new Work(_plan);
        await using var processor = _plan.Items.ForEachAsync(item => work.RunAsync(item, CancellationToken.None).AsTask()).ProcessInParallel(_limit);
        await processor.WaitAsync();
    }

    private Task RunAsync(string name)
    {
        var strategy = Strategy.Named(name);
        return strategy.RunAsync(_plan.Items, _limit, strategy.BodyFor(new Work(_plan)), default);
    }

    public enum WorkKind
    {
        Computing,
        RandomLatency,
    }
}
