using System.Threading.RateLimiting;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using DotNext.Threading;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Semaphore, contended",
    "One permit, fought over by several workers that hold it across a yield, with a token that could be canceled.",
    Unit = "permit")]
[Target(nameof(AsyncSemaphore), Measure.Time, 0.75, Rival = nameof(SemaphoreSlim), Where = "Workers=2")]
[Target(nameof(AsyncSemaphore), Measure.Time, 0.75, Rival = nameof(SemaphoreSlim), Where = "Workers=4")]
public class ContendedSemaphoreBenchmarks : IDisposable
{
    private const int Permits = 10_000;
    private readonly CancellationTokenSource _caller = new();
    private readonly SemaphoreSlim _slim = new(1);
    private readonly AsyncSemaphore _semaphore = new(1);
    private readonly AsyncExclusiveLock _dotNext = new();
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = 1, QueueLimit = 64 });

    [Params(1, 2, 4, 64)]
    public int Workers { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Permits, Description = "SemaphoreSlim")]
    public Task SemaphoreSlim() => Compete(async count =>
    {
        for (int i = 0; i < count; i++)
        {
            await _slim.WaitAsync(_caller.Token);
            await Task.Yield();
            _slim.Release();
        }
    });

    [Ours]
    [Benchmark(OperationsPerInvoke = Permits, Description = "AsyncSemaphore")]
    public Task AsyncSemaphore() => Compete(async count =>
    {
        for (int i = 0; i < count; i++)
        {
            using (await _semaphore.AcquireAsync(_caller.Token))
            {
                await Task.Yield();
            }
        }
    });

    [Benchmark(OperationsPerInvoke = Permits, Description = "DotNext AsyncExclusiveLock")]
    public Task DotNextExclusiveLock() => Compete(async count =>
    {
        for (int i = 0; i < count; i++)
        {
            await _dotNext.AcquireAsync(_caller.Token);
            await Task.Yield();
            _dotNext.Release();
        }
    });

    [Benchmark(OperationsPerInvoke = Permits, Description = "ConcurrencyLimiter")]
    public Task ConcurrencyLimiter() => Compete(async count =>
    {
        for (int i = 0; i < count; i++)
        {
            using (await _limiter.AcquireAsync(1, _caller.Token))
            {
                await Task.Yield();
            }
        }
    });

    [GlobalCleanup]
    public void Dispose()
    {
        _caller.Dispose();
        _slim.Dispose();
        _semaphore.Dispose();
        _dotNext.Dispose();
        _limiter.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task Compete(Func<int, Task> take) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => take(Permits / Workers))));
}
