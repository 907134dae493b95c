using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using DotNext.Threading;

namespace Async.Toolkit.Benchmarks;

/// <summary>Taking a permit that is free and giving it back, with a token that could be canceled. The figures are per permit.</summary>
[MemoryDiagnoser]
public class SemaphoreBenchmarks : IDisposable
{
    private const int Permits = 1_000;
    private readonly CancellationTokenSource _caller = new();
    private readonly SemaphoreSlim _slim = new(1);
    private readonly AsyncSemaphore _semaphore = new(1);
    private readonly AsyncExclusiveLock _dotNext = new();
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = 1, QueueLimit = 16 });

    [Benchmark(Baseline = true, OperationsPerInvoke = Permits)]
    public async Task SemaphoreSlim()
    {
        for (int i = 0; i < Permits; i++)
        {
            await _slim.WaitAsync(_caller.Token);
            _slim.Release();
        }
    }

    [Benchmark(OperationsPerInvoke = Permits)]
    public async Task AsyncSemaphore()
    {
        for (int i = 0; i < Permits; i++)
        {
            using (await _semaphore.AcquireAsync(_caller.Token))
            {
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Permits)]
    public async Task DotNextExclusiveLock()
    {
        for (int i = 0; i < Permits; i++)
        {
            await _dotNext.AcquireAsync(_caller.Token);
            _dotNext.Release();
        }
    }

    [Benchmark(OperationsPerInvoke = Permits)]
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
