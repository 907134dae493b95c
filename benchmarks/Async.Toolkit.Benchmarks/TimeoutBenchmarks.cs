using BenchmarkDotNet.Attributes;
using Polly;

namespace Async.Toolkit.Benchmarks;

/// <summary>A limit that does not strike, around an operation that yields once or completes at once. The figures are per call.</summary>
[MemoryDiagnoser]
public class TimeoutBenchmarks : IDisposable
{
    private const int Calls = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _caller = new();
    private readonly ResiliencePipeline _polly = new ResiliencePipelineBuilder().AddTimeout(Limit).Build();
    private Func<CancellationToken, ValueTask> _operation = null!;
    private CancellationToken _token;

    [Params(false, true)]
    public bool AtOnce { get; set; }

    [Params(false, true)]
    public bool CallersToken { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _operation = AtOnce ? static _ => ValueTask.CompletedTask : static async _ => await Task.Yield();
        _token = CallersToken ? _caller.Token : CancellationToken.None;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public async Task LinkedSourceCancelAfter()
    {
        for (int i = 0; i < Calls; i++)
        {
            await LinkedSource();
        }
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task AsyncTimeoutRun()
    {
        for (int i = 0; i < Calls; i++)
        {
            await AsyncTimeout.RunAsync(Limit, _operation, _token);
        }
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task PollyTimeout()
    {
        for (int i = 0; i < Calls; i++)
        {
            await _polly.ExecuteAsync(_operation, _token);
        }
    }

    /// <summary>Cancels nothing and leaves the operation behind: here for its price, not for its guarantees.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task WaitAsyncWhichAbandons()
    {
        for (int i = 0; i < Calls; i++)
        {
            await _operation(_token).AsTask().WaitAsync(Limit, _token);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _caller.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task LinkedSource()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(_token);
        source.CancelAfter(Limit);
        try
        {
            await _operation(source.Token);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested && !_token.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }
}
