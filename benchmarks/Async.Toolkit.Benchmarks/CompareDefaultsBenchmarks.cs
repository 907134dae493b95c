using Async.Toolkit.Benchmarks.Compare;
using Async.Toolkit.Benchmarks.Strategies;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "The question that compare asks",
    "What the compare command measures with its defaults, measured by BenchmarkDotNet: two rulers, one work.",
    Unit = "call")]
public class CompareDefaultsBenchmarks
{
    private WorkPlan _plan = null!;

    [GlobalSetup]
    public void Draw() => _plan = CompareSettings.Default.DrawPlan();

    [Aside("one item at a time")]
    [Benchmark(Description = "one after another")]
    public Task Sequential() => RunAsync("sequential");

    [Aside("keeps no limit")]
    [Benchmark(Description = "Task.WhenAll")]
    public Task WhenAll() => RunAsync("whenall");

    [Benchmark(Baseline = true, Description = "SemaphoreSlim + WhenAll")]
    public Task SemaphoreSlimAndWhenAll() => RunAsync("semaphore");

    [Benchmark(Description = "Parallel.ForEachAsync")]
    public Task ParallelForEachAsync() => RunAsync("parallel");

    [Benchmark(Description = "Dataflow ActionBlock")]
    public Task Dataflow() => RunAsync("dataflow");

    [Benchmark(Description = "Channel + workers")]
    public Task ChannelWorkers() => RunAsync("channel");

    [Ours]
    [Benchmark(Description = "TaskGroup")]
    public Task GroupWithLimit() => RunAsync("taskgroup");

    [Ours]
    [Benchmark(Description = "Gather.ForEachAsync")]
    public Task GatherForEachAsync() => RunAsync("gather");

    private Task RunAsync(string name)
    {
        var strategy = Strategy.Named(name);
        return strategy.RunAsync(_plan.Items, CompareSettings.Default.Concurrency, strategy.BodyFor(new Work(_plan)), default);
    }
}
