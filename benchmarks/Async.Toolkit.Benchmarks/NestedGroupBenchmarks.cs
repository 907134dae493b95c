using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Deep nesting",
    "A binary tree of groups, 20 deep, with 1,048,576 leaves that yield once: each inner node opens a group of its own for its two children. Each figure is the mean of 3 to 4 calls after 1 to 2 for warming up.",
    Unit = "leaf",
    Units = 1 << Depth)]
[MinWarmupCount(1)]
[MaxWarmupCount(2)]
[MinIterationCount(3)]
[MaxIterationCount(4)]
public class NestedGroupBenchmarks : IDisposable
{
    private const int Depth = 20;
    private readonly CancellationTokenSource _caller = new();

    [Benchmark(Baseline = true, Description = "linked source + WhenAll")]
    public Task LinkedSourceAndWhenAll() => LinkedAsync(Depth, _caller.Token);

    [Aside("nothing cancels the sibling of a node that fails")]
    [Benchmark(Description = "WhenAll over Task.Run")]
    public Task WhenAllOverTaskRun() => BareAsync(Depth, _caller.Token);

    [Ours]
    [Benchmark(Description = "TaskGroup")]
    public Task Groups() => GroupsAsync(Depth, _caller.Token);

    [GlobalCleanup]
    public void Dispose()
    {
        _caller.Dispose();
        GC.SuppressFinalize(this);
    }

    private static async Task BareAsync(int depth, CancellationToken token)
    {
        if (depth == 0)
        {
            await Task.Yield();
            return;
        }

        await Task.WhenAll(Task.Run(() => BareAsync(depth - 1, token), token), Task.Run(() => BareAsync(depth - 1, token), token));
    }

    private static async Task LinkedAsync(int depth, CancellationToken token)
    {
        if (depth == 0)
        {
            await Task.Yield();
            return;
        }

        using var source = CancellationTokenSource.CreateLinkedTokenSource(token);
        await Task.WhenAll(Task.Run(BranchAsync, CancellationToken.None), Task.Run(BranchAsync, CancellationToken.None));

        async Task BranchAsync()
        {
            try
            {
                await LinkedAsync(depth - 1, source.Token);
            }
            catch
            {
                await source.CancelAsync();
                throw;
            }
        }
    }

    private static async Task GroupsAsync(int depth, CancellationToken token)
    {
        if (depth == 0)
        {
            await Task.Yield();
            return;
        }

        await TaskGroup.RunAsync(
            group =>
            {
                group.Start(ct => GroupsAsync(depth - 1, ct));
                group.Start(ct => GroupsAsync(depth - 1, ct));
                return ValueTask.CompletedTask;
            },
            token);
    }
}
