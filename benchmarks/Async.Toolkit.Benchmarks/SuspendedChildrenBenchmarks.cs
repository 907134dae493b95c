using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Suspended children",
    "100,000 children that are all suspended at the same gate before it opens: what each of them takes while it waits, with nothing reused.",
    Unit = "child",
    Units = Children)]
[Target(nameof(GroupStart), Measure.Bytes, 1.15, Rival = nameof(WhenAllOverTaskRun))]
[Target(nameof(GroupRun), Measure.Bytes, 1.4, Rival = nameof(WhenAllOverTaskRun))]
public class SuspendedChildrenBenchmarks
{
    private const int Children = 100_000;
    private static readonly IEnumerable<int> Source = Enumerable.Range(0, Children);
    private readonly Func<Task> _bare;
    private readonly Func<CancellationToken, ValueTask> _child;
    private readonly Func<int, CancellationToken, ValueTask<int>> _item;
    private TaskCompletionSource _gate = null!;
    private int _arrived;

    public SuspendedChildrenBenchmarks()
    {
        _bare = async () => await ArriveAsync();
        _child = async _ => await ArriveAsync();
        _item = async (item, _) =>
        {
            await ArriveAsync();
            return item;
        };
    }

    [Benchmark(Baseline = true, Description = "WhenAll over Task.Run")]
    public Task WhenAllOverTaskRun()
    {
        Begin();
        var tasks = new Task[Children];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(_bare);
        }

        return Task.WhenAll(tasks);
    }

    [Ours]
    [Benchmark(Description = "TaskGroup.Start")]
    public Task GroupStart()
    {
        Begin();
        return TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                group.Start(_child);
            }

            return ValueTask.CompletedTask;
        });
    }

    [Ours]
    [Benchmark(Description = "TaskGroup.Run")]
    public Task GroupRun()
    {
        Begin();
        return TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                _ = group.Run(_child);
            }

            return ValueTask.CompletedTask;
        });
    }

    [Ours]
    [Benchmark(Description = "Gather.AllAsync")]
    public Task GatherAll()
    {
        Begin();
        return Gather.AllAsync(Source, _item);
    }

    private void Begin()
    {
        _arrived = 0;
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // No method of its own around the gate: it would add a second state machine to each child.
    private Task ArriveAsync()
    {
        TaskCompletionSource gate = _gate;
        if (Interlocked.Increment(ref _arrived) == Children)
        {
            gate.SetResult();
        }

        return gate.Task;
    }
}
