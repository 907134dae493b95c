using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "First of n",
    "Several attempts at once, the first success wins; the others are canceled and awaited. The last attempt yields once and succeeds, the rest wait until they are canceled.",
    Unit = "call")]
public class FirstOfNBenchmarks : IDisposable
{
    private readonly CancellationTokenSource _caller = new();

    [Params(4, 64)]
    public int Attempts { get; set; }

    [Benchmark(Baseline = true, Description = "linked source + WhenAny + WhenAll")]
    public async Task<int> WhenAny()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(_caller.Token);
        CancellationToken token = source.Token;
        var tasks = new Task<int>[Attempts];
        for (int i = 0; i < tasks.Length; i++)
        {
            int attempt = i;
            tasks[i] = Task.Run(() => TryAsync(attempt, token), CancellationToken.None);
        }

        int winner = await await Task.WhenAny(tasks);
        await source.CancelAsync();
        await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return winner;
    }

    [Ours]
    [Benchmark(Description = "Gather.FirstSuccessAsync")]
    public Task<int> FirstSuccess() => Gather.FirstSuccessAsync(Enumerable.Range(0, Attempts), TryAsync, _caller.Token);

    [GlobalCleanup]
    public void Dispose()
    {
        _caller.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<int> TryAsync(int attempt, CancellationToken token)
    {
        if (attempt == Attempts - 1)
        {
            await Task.Yield();
        }
        else
        {
            await Task.Delay(Timeout.Infinite, token);
        }

        return attempt;
    }
}
