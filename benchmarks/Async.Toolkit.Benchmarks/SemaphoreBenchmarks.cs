using System.Threading.RateLimiting;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using DotNext.Threading;

namespace Async.Toolkit.Benchmarks;

[Part("Semaphore, free", "Taking a permit that is free and giving it back, with a token that could be canceled.", Unit = "permit")]
[Target(nameof(AsyncSemaphore), Measure.Time, 0.8, Rival = nameof(SemaphoreSlim))]
public class SemaphoreBenchmarks : IDisposable
{
    private const int Permits = 1_000;
    private readonly CancellationTokenSource _caller = new();
    private readonly SemaphoreSlim _slim = new(1);
    private readonly AsyncSemaphore _semaphore = new(1);
    private readonly AsyncExclusiveLock _dotNext = new();
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = 1, QueueLimit = 16 });

    [Benchmark(Baseline = true, OperationsPerInvoke = Permits, Description = "SemaphoreSlim")]
    public async Task SemaphoreSlim()
    {
        for (int i = 0; i < Permits; i++)
        {
            await _slim.WaitAsync(_caller.Token);
            _slim.Release();
        }
    }

    [Ours]
    [Benchmark(OperationsPerInvoke = Permits, Description = "AsyncSemaphore")]
    public async Task AsyncSemaphore()
    {
        for (int i = 0; i < Permits; i++)
        {
            using (await _semaphore.AcquireAsync(_caller.Token))
            {
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Permits, Description = "DotNext AsyncExclusiveLock")]
    public async Task DotNextExclusiveLock()
    {
        for (int i = 0; i < Permits; i++)
        {
            await _dotNext.AcquireAsync(_caller.Token);
            _dotNext.Release();
        }
    }

    [Benchmark(OperationsPerInvoke = Permits, Description = "ConcurrencyLimiter")]
    public async Task ConcurrencyLimiter()
    {
        for (int i = 0; i < Permits; i++)
        {
            using (await _limiter.AcquireAsync(1, _caller.Token))
            {
            }
        }
    }

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
}
