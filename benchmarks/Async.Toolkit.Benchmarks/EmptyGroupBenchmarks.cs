using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

/// <summary>The fixed price of a group, before its first child: with nothing asked for, with a token to listen to, with a time limit.</summary>
[MemoryDiagnoser]
public class EmptyGroupBenchmarks : IDisposable
{
    private static readonly TaskGroupOptions WithTimeout = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly CancellationTokenSource _caller = new();

    [Benchmark(Baseline = true)]
    public Task Empty() =>
        TaskGroup.RunAsync(static _ => ValueTask.CompletedTask);

    [Benchmark]
    public Task EmptyWithToken() =>
        TaskGroup.RunAsync(static _ => ValueTask.CompletedTask, _caller.Token);

    [Benchmark]
    public Task EmptyWithTimeout() =>
        TaskGroup.RunAsync(WithTimeout, static _ => ValueTask.CompletedTask);

    [Benchmark]
    public Task<int> OneChildThatIsDone() =>
        TaskGroup.RunAsync(static async group => await group.Run(static _ => new ValueTask<int>(1)));

    [GlobalCleanup]
    public void Dispose()
    {
        _caller.Dispose();
        GC.SuppressFinalize(this);
    }
}
