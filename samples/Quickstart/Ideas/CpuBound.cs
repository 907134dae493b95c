using System.Diagnostics;
using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>
/// Work that computes instead of waiting needs a thread. An async method does not give it one: it computes on its caller's. A group's children
/// run on the thread pool, on every core (.NET threads compute in parallel; no second process is needed); more at once than there are cores gains nothing.
/// </summary>
internal static class CpuBound
{
    private const int Pieces = 4;
    private const int PieceSize = 1_000_000;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        int cores = Environment.ProcessorCount;

        // Once for the compiler, so that the first figure is not about it.
        CountPrimes(0, cancellationToken);

        var watch = Stopwatch.StartNew();
        Task<int> pretending = PretendAsync(0, cancellationToken);
        Console.WriteLine($"called as an async method: the caller got control back after {watch.Elapsed.TotalMilliseconds,5:F1} ms, the work done");
        await pretending;

        await TaskGroup.RunAsync(
            async group =>
            {
                watch.Restart();
                Task<int> computing = group.Run(ct => ValueTask.FromResult(CountPrimes(0, ct)));
                Console.WriteLine($"as a child of a group:     the caller got control back after {watch.Elapsed.TotalMilliseconds,5:F1} ms, free for other things");
                await computing;
            },
            cancellationToken);

        int primes = 0;
        double oneAfterAnother = await Measure.SecondsAsync(() =>
        {
            primes = Enumerable.Range(0, Pieces).Sum(piece => CountPrimes(piece, cancellationToken));
            return Task.CompletedTask;
        });
        Console.WriteLine($"{Pieces} pieces one after another: {oneAfterAnother:F2} s, {primes:N0} primes");

        var options = new TaskGroupOptions { MaxConcurrency = cores };
        double together = await Measure.SecondsAsync(async () => primes = await TaskGroup.RunAsync(
            options,
            async group =>
            {
                IEnumerable<Task<int>> counts = Enumerable.Range(0, Pieces).Select(piece => group.Run(ct => ValueTask.FromResult(CountPrimes(piece, ct))));
                return (await Task.WhenAll(counts)).Sum();
            },
            cancellationToken));
        Console.WriteLine($"{Pieces} pieces as children:       {together:F2} s, {primes:N0} primes, {cores} cores");
    }

    private static async Task<int> PretendAsync(int piece, CancellationToken cancellationToken)
    {
        int primes = CountPrimes(piece, cancellationToken);
        await Task.Yield();
        return primes;
    }

    private static int CountPrimes(int piece, CancellationToken cancellationToken)
    {
        int first = piece * PieceSize;
        int count = 0;
        for (int candidate = Math.Max(first, 2); candidate < first + PieceSize; candidate++)
        {
            // Nothing else can interrupt work that never waits.
            if (candidate % 1024 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            count += IsPrime(candidate) ? 1 : 0;
        }

        return count;
    }

    private static bool IsPrime(int candidate)
    {
        for (int divisor = 2; divisor * divisor <= candidate; divisor++)
        {
            if (candidate % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
