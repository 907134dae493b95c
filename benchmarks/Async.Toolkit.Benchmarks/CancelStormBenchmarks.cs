using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Cancel storm",
    "100,000 children are blocked, then one fails: from the first start until the last child is gone. A child that awaits its wait is canceled by an exception of its own; one that hands its wait on is not.",
    Unit = "child",
    Units = Children)]
[Target(nameof(GroupStart), Measure.Time, 1.0, Rival = nameof(LinkedSourceAndWhenAll))]
[Target(nameof(GroupRun), Measure.Time, 1.0, Rival = nameof(LinkedSourceAndWhenAll))]
public class CancelStormBenchmarks : IDisposable
{
    private const int Children = 100_000;
    private readonly CancellationTokenSource _caller = new();
    private Func<CancellationToken, Task> _child = null!;
    private TaskCompletionSource _allBlocked = null!;
    private int _blocked;

    [Params(true, false)]
    public bool Awaits { get; set; }

    [GlobalSetup]
    public void Setup() => _child = Awaits ? async token => await BlockAsync(token) : BlockAsync;

    /// <summary>Only the child that fails knows the source: if each one had to cancel it, each one would need a handler.</summary>
    [Benchmark(Baseline = true, Description = "linked source + WhenAll")]
    public async Task<int> LinkedSourceAndWhenAll()
    {
        Begin();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(_caller.Token);
        CancellationToken token = source.Token;
        Func<Task> start = () => _child(token);
        var tasks = new Task[Children + 1];
        for (int i = 0; i < Children; i++)
        {
            tasks[i] = Task.Run(start, CancellationToken.None);
        }

        tasks[Children] = Task.Run(
            async () =>
            {
                await _allBlocked.Task;
                await source.CancelAsync();
                throw new StormException();
            },
            CancellationToken.None);
        return await CountFailuresAsync(Task.WhenAll(tasks));
    }

    [Ours]
    [Benchmark(Description = "TaskGroup.Start")]
    public Task<int> GroupStart()
    {
        Begin();
        return CountFailuresAsync(TaskGroup.RunAsync(
            group =>
            {
                for (int i = 0; i < Children; i++)
                {
                    group.Start(_child);
                }

                group.Start(FailAsync);
                return ValueTask.CompletedTask;
            },
            _caller.Token));
    }

    [Ours]
    [Benchmark(Description = "TaskGroup.Run")]
    public Task<int> GroupRun()
    {
        Begin();
        return CountFailuresAsync(TaskGroup.RunAsync(
            group =>
            {
                for (int i = 0; i < Children; i++)
                {
                    _ = group.Run(_child);
                }

                group.Start(FailAsync);
                return ValueTask.CompletedTask;
            },
            _caller.Token));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _caller.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Begin()
    {
        _blocked = 0;
        _allBlocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private Task BlockAsync(CancellationToken token)
    {
        Task wait = Task.Delay(Timeout.Infinite, token);
        if (Interlocked.Increment(ref _blocked) == Children)
        {
            _allBlocked.SetResult();
        }

        return wait;
    }

    private async Task FailAsync(CancellationToken token)
    {
        await _allBlocked.Task;
        throw new StormException();
    }

    private static async Task<int> CountFailuresAsync(Task all)
    {
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int failures = all.Exception?.InnerExceptions.Count ?? 0;
        return failures == 1 && all.Exception!.InnerException is StormException ? failures : throw new InvalidOperationException($"The storm gave {failures} failures.");
    }

    private sealed class StormException : Exception;
}
