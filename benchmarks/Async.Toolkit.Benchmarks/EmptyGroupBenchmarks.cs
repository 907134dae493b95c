using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Empty group",
    "The fixed price of a group before its first child: with nothing asked for, with a token to listen to, with a time limit. Beside it what one writes by hand for the same rules.")]
public class EmptyGroupBenchmarks : IDisposable
{
    private static readonly TaskGroupOptions WithTimeout = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly CancellationTokenSource _caller = new();

    [Benchmark(Baseline = true, Description = "linked source + WhenAll")]
    public async Task LinkedSourceAndWhenAll()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(_caller.Token);
        await Task.WhenAll(Array.Empty<Task>());
    }

    [Ours]
    [Benchmark(Description = "TaskGroup")]
    public Task Empty() =>
        TaskGroup.RunAsync(static _ => ValueTask.CompletedTask);

    [Ours]
    [Benchmark(Description = "TaskGroup, token")]
    public Task EmptyWithToken() =>
        TaskGroup.RunAsync(static _ => ValueTask.CompletedTask, _caller.Token);

    [Ours]
    [Benchmark(Description = "TaskGroup, time limit")]
    public Task EmptyWithTimeout() =>
        TaskGroup.RunAsync(WithTimeout, static _ => ValueTask.CompletedTask);

    [Ours]
    [Benchmark(Description = "TaskGroup, one child that is done")]
    public Task<int> OneChildThatIsDone() =>
        TaskGroup.RunAsync(static async group => await group.Run(static _ => new ValueTask<int>(1)));

    [GlobalCleanup]
    public void Dispose()
    {
        _caller.Dispose();
        GC.SuppressFinalize(this);
    }
}
