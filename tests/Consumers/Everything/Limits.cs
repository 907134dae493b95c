using Async.Toolkit;
using Shared;

namespace Everything;

internal static class Limits
{
    public static async Task RunAsync(CancellationToken ct)
    {
        Expect.That(await AsyncTimeout.RunAsync(TimeSpan.FromSeconds(5), _ => Task.FromResult(3), ct) == 3, "what is in time has its result");
        await Expect.ThrowsAsync<TimeoutException>(() => AsyncTimeout.RunAsync(TimeSpan.FromMilliseconds(5), token => Task.Delay(Timeout.Infinite, token), ct));
        (bool completed, int _) = await AsyncTimeout.TryRunAsync(TimeSpan.FromMilliseconds(5), NeverAsync, ct);
        Expect.That(!completed, "what is late is given up");
        await Expect.ThrowsAsync<TimeoutException>(() =>
            AsyncTimeout.RunAsync(new() { Name = "deaf", Timeout = TimeSpan.FromMilliseconds(5), AbandonAfter = TimeSpan.Zero }, _ => Task.Delay(200, CancellationToken.None), ct));

        await using var limit = new AsyncTimeout(TimeSpan.FromHours(1), ct);
        limit.Reschedule(TimeSpan.FromMilliseconds(5));
        await Expect.ThrowsAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, limit.Token));
        Expect.That(limit.IsExpired, "a scope expires");

        using var semaphore = new AsyncSemaphore(permits: 2);
        int inside = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using (await semaphore.AcquireAsync(ct))
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Delay(1, ct);
                Interlocked.Decrement(ref inside);
            }
        }));
        Expect.That(most is 1 or 2, "at most two are inside");
        using (await semaphore.AcquireAsync(2, ct))
        {
            Expect.That(!semaphore.TryAcquire(out _), "nothing is left for a third");
        }
    }

    private static async Task<int> NeverAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        return 0;
    }
}
