using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using Polly;

namespace Async.Toolkit.Benchmarks;

[Part("Time limit", "A limit that does not strike, around an operation that yields once or completes at once.")]
[Target(nameof(AsyncTimeoutRun), Measure.Time, 1.2, Rival = nameof(LinkedSourceCancelAfter), Where = "AtOnce=False")]
[Target(nameof(AsyncTimeoutRun), Measure.Time, 0.5, Rival = nameof(PollyTimeout), Where = "AtOnce=False")]
[Target(nameof(AsyncTimeoutRun), Measure.Time, 0.75, Rival = nameof(LinkedSourceCancelAfter), Where = "AtOnce=True")]
[Target(nameof(AsyncTimeoutRun), Measure.Time, 0.75, Rival = nameof(PollyTimeout), Where = "AtOnce=True")]
[Target(nameof(AsyncTimeoutRun), Measure.Bytes, 0.95, Rival = nameof(LinkedSourceCancelAfter))]
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

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls, Description = "linked source + CancelAfter")]
    public async Task LinkedSourceCancelAfter()
    {
        for (int i = 0; i < Calls; i++)
        {
            await LinkedSource();
        }
    }

    [Ours]
    [Benchmark(OperationsPerInvoke = Calls, Description = "AsyncTimeout.RunAsync")]
    public async Task AsyncTimeoutRun()
    {
        for (int i = 0; i < Calls; i++)
        {
            await AsyncTimeout.RunAsync(Limit, _operation, _token);
        }
    }

    [Benchmark(OperationsPerInvoke = Calls, Description = "Polly timeout")]
    public async Task PollyTimeout()
    {
        for (int i = 0; i < Calls; i++)
        {
            await _polly.ExecuteAsync(_operation, _token);
        }
    }

    [Aside("cancels nothing and leaves the operation behind")]
    [Benchmark(OperationsPerInvoke = Calls, Description = "WaitAsync(timeout)")]
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
