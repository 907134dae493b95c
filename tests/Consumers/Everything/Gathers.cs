using System.Threading.RateLimiting;
using Async.Toolkit;
using Shared;

namespace Everything;

internal static class Gathers
{
    public static async Task RunAsync(CancellationToken ct)
    {
        int[] all = await Gather.AllAsync(Enumerable.Range(0, 50), maxConcurrency: 4, DoubleAsync, ct);
        Expect.That(all[49] == 98, "results come in source order");
        (int number, string text) = await Gather.AllAsync(token => DoubleAsync(4, token), TextAsync, ct);
        Expect.That(number == 8 && text is "text", "different types at once");

        Settled<int>[] settled = await Gather.SettledAsync(Enumerable.Range(0, 4), OddAsync, ct);
        Expect.That(settled.Count(static one => one.IsFailure) == 2 && settled[1].Value == 1, "every outcome is told");
        Expect.That(await Gather.FirstSuccessAsync(Enumerable.Range(0, 4), OddAsync, ct) % 2 == 1, "the first success wins");
        int[] quorum = await Gather.FirstSuccessesAsync(Enumerable.Range(0, 9), count: 3, OddAsync, ct);
        Expect.That(quorum.Length == 3, "three successes are enough");

        int last = -2;
        await foreach (int next in Gather.StreamAsync(NumbersAsync(30), maxConcurrency: 3, DoubleAsync, ct))
        {
            last = next == last + 2 ? next : int.MinValue;
        }

        Expect.That(last == 58, "a stream keeps the order");

        var seen = new List<int>();
        await foreach (int next in Gather.StreamAsync(Enumerable.Range(0, 30), maxConcurrency: 3, StreamOrder.Completion, DoubleAsync, ct))
        {
            seen.Add(next);
        }

        Expect.That(seen.Count == 30, "a stream in the order of completion is whole");

        await using var limiter = new TokenBucketRateLimiter(new() { TokenLimit = 10, TokensPerPeriod = 10, ReplenishmentPeriod = TimeSpan.FromMilliseconds(1), QueueLimit = 100 });
        await using PartitionedRateLimiter<int> perKind = PartitionedRateLimiter.Create<int, bool>(static item =>
            RateLimitPartition.GetConcurrencyLimiter(item % 2 == 0, static _ => new() { PermitLimit = 1, QueueLimit = 100 }));
        long succeeded = 0;
        var options = new GatherOptions<int>
        {
            Name = "rates",
            MaxConcurrency = 5,
            RateLimiter = limiter,
            PartitionedRateLimiter = perKind,
            ItemTimeout = TimeSpan.FromSeconds(10),
            Progress = new Counter(progress => Interlocked.Exchange(ref succeeded, progress.Succeeded)),
            DisposeDiscarded = true,
            TraceItems = true,
        };
        await Gather.ForEachAsync(Enumerable.Range(0, 30), options, (item, token) => DoubleAsync(item, token), ct);
        Expect.That(succeeded == 30, "rates are kept and progress is told");
    }

    private static async Task<int> DoubleAsync(int number, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return number * 2;
    }

    private static async Task<string> TextAsync(CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return "text";
    }

    private static async Task<int> OddAsync(int number, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return number % 2 == 1 ? number : throw new FormatException($"{number} is even");
    }

    private static async IAsyncEnumerable<int> NumbersAsync(int count)
    {
        for (int number = 0; number < count; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    private sealed class Counter(Action<GatherProgress> report) : IProgress<GatherProgress>
    {
        public void Report(GatherProgress value) => report(value);
    }
}
