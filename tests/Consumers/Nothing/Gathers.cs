using System.Runtime.CompilerServices;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Shared;

namespace Nothing;

internal static class Gathers
{
    public static async Task RunAsync(CancellationToken ct)
    {
        int[] all = new int[50];
        await Parallel.ForEachAsync(Enumerable.Range(0, 50), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (item, token) =>
            all[item] = await DoubleAsync(item, token));
        Expect.That(all[49] == 98, "results come in source order");
        Task<int> number = DoubleAsync(4, ct);
        Task<string> text = TextAsync(ct);
        await Task.WhenAll(number, text);
        Expect.That(await number == 8 && await text is "text", "different types at once");

        (int Value, Exception? Failure)[] settled = await Task.WhenAll(Enumerable.Range(0, 4).Select(item => SettleAsync(() => OddAsync(item, ct))));
        Expect.That(settled.Count(static one => one.Failure is not null) == 2 && settled[1].Value == 1, "every outcome is told");
        Expect.That((await FirstAsync(Enumerable.Range(0, 4), 1, OddAsync, ct))[0] % 2 == 1, "the first success wins");
        Expect.That((await FirstAsync(Enumerable.Range(0, 9), 3, OddAsync, ct)).Count == 3, "three successes are enough");

        int last = -2;
        await foreach (int next in StreamAsync(NumbersAsync(30), 3, DoubleAsync, ct))
        {
            last = next == last + 2 ? next : int.MinValue;
        }

        Expect.That(last == 58, "a stream keeps the order");

        var seen = new List<int>();
        await foreach (Task<int> next in Task.WhenEach(Enumerable.Range(0, 30).Select(item => DoubleAsync(item, ct))).WithCancellation(ct))
        {
            seen.Add(await next);
        }

        Expect.That(seen.Count == 30, "a stream in the order of completion is whole");

        await using var limiter = new TokenBucketRateLimiter(new() { TokenLimit = 10, TokensPerPeriod = 10, ReplenishmentPeriod = TimeSpan.FromMilliseconds(1), QueueLimit = 100 });
        await using PartitionedRateLimiter<int> perKind = PartitionedRateLimiter.Create<int, bool>(static item =>
            RateLimitPartition.GetConcurrencyLimiter(item % 2 == 0, static _ => new() { PermitLimit = 1, QueueLimit = 100 }));
        long succeeded = 0;
        var progress = new Counter(count => Interlocked.Exchange(ref succeeded, count));
        int done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 30), new ParallelOptions { MaxDegreeOfParallelism = 5, CancellationToken = ct }, async (item, token) =>
        {
            using RateLimitLease kind = await perKind.AcquireAsync(item, 1, token);
            using RateLimitLease lease = await limiter.AcquireAsync(1, token);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            await DoubleAsync(item, limit.Token);
            int now = Interlocked.Increment(ref done);
            lock (progress)
            {
                progress.Report(Math.Max(now, (int)succeeded));
            }
        });
        Expect.That(succeeded == 30, "rates are kept and progress is told");
    }

    private static async Task<(T? Value, Exception? Failure)> SettleAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return (await work(), null);
        }
        catch (Exception failure)
        {
            return (default, failure);
        }
    }

    private static async Task<List<T>> FirstAsync<TSource, T>(IEnumerable<TSource> source, int count, Func<TSource, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var results = new List<T>();
        var failures = new List<Exception>();
        await foreach (Task<T> ended in Task.WhenEach(source.Select(item => work(item, stop.Token))))
        {
            try
            {
                T result = await ended;
                if (results.Count < count)
                {
                    results.Add(result);
                }
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }

            if (results.Count == count)
            {
                await stop.CancelAsync();
            }
        }

        return results.Count == count ? results : throw new AggregateException(failures);
    }

    private static async IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, int most, Func<TSource, CancellationToken, Task<T>> work, [EnumeratorCancellation] CancellationToken ct)
    {
        Channel<Task<T>> window = Channel.CreateBounded<Task<T>>(most);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task reading = Task.Run(async () =>
        {
            try
            {
                await foreach (TSource item in source.WithCancellation(stop.Token))
                {
                    await window.Writer.WriteAsync(work(item, stop.Token), stop.Token);
                }

                window.Writer.Complete();
            }
            catch (Exception failure)
            {
                window.Writer.Complete(failure);
            }
        }, CancellationToken.None);
        try
        {
            await foreach (Task<T> next in window.Reader.ReadAllAsync(ct))
            {
                yield return await next;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
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

    private sealed class Counter(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
