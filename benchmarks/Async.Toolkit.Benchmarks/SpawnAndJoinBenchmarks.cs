using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Spawn and join",
    "Many children that really wait once are started and joined: the same body on both sides, no closures.",
    Unit = "child",
    UnitsParameter = nameof(Children))]
[Target(nameof(GroupStart), Measure.Time, 0.8, Rival = nameof(WhenAllOverTaskRun), Where = "Children=100000")]
[Target(nameof(GroupStart), Measure.Bytes, 0.6, Rival = nameof(WhenAllOverTaskRun), Where = "Children=100000")]
[Target(nameof(GroupRun), Measure.Time, 0.85, Rival = nameof(WhenAllOverTaskRun), Where = "Children=100000")]
[Target(nameof(GroupRun), Measure.Bytes, 0.9, Rival = nameof(WhenAllOverTaskRun), Where = "Children=100000")]
[Target(nameof(GroupStart), Measure.TimeGrowth, 1.0, Rival = nameof(WhenAllOverTaskRun))]
[Target(nameof(GroupRun), Measure.TimeGrowth, 1.0, Rival = nameof(WhenAllOverTaskRun))]
[Target(nameof(GroupStart), Measure.BytesGrowth, 1.0, Rival = nameof(WhenAllOverTaskRun))]
[Target(nameof(GroupRun), Measure.BytesGrowth, 1.0, Rival = nameof(WhenAllOverTaskRun))]
public class SpawnAndJoinBenchmarks
{
    [Params(10_000, 100_000, 1_000_000)]
    public int Children { get; set; }

    [Benchmark(Baseline = true, Description = "WhenAll over Task.Run")]
    public Task WhenAllOverTaskRun()
    {
        var tasks = new Task[Children];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(static async () => await Task.Yield());
        }

        return Task.WhenAll(tasks);
    }

    [Ours]
    [Benchmark(Description = "TaskGroup.Start")]
    public Task GroupStart() =>
        TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                group.Start(static async _ => await Task.Yield());
            }

            return ValueTask.CompletedTask;
        });

    [Ours]
    [Benchmark(Description = "TaskGroup.Run")]
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
