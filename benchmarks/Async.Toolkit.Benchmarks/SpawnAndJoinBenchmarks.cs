using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

/// <summary>What it costs to start many children that really wait once, and to join them: the same body on both sides, no closures.</summary>
[MemoryDiagnoser]
public class SpawnAndJoinBenchmarks
{
    [Params(10_000, 100_000, 1_000_000)]
    public int Children { get; set; }

    [Benchmark(Baseline = true)]
    public Task WhenAllOverTaskRun()
    {
        var tasks = new Task[Children];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(static async () => await Task.Yield());
        }

        return Task.WhenAll(tasks);
    }

    [Benchmark]
    public Task GroupStart() =>
        TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                group.Start(static async _ => await Task.Yield());
            }

            return ValueTask.CompletedTask;
        });

    [Benchmark]
    public Task GroupRun() =>
        TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                _ = group.Run(static async _ => await Task.Yield());
            }

            return ValueTask.CompletedTask;
        });
}
