using Shared;

namespace Nothing;

internal static class Limits
{
    public static async Task RunAsync(CancellationToken ct)
    {
        Expect.That(await InTimeAsync(TimeSpan.FromSeconds(5), static _ => Task.FromResult(3), ct) == 3, "what is in time has its result");
        await Expect.ThrowsAsync<TimeoutException>(() => InTimeAsync(TimeSpan.FromMilliseconds(5), NeverAsync, ct));
        bool completed = true;
        try
        {
            await InTimeAsync(TimeSpan.FromMilliseconds(5), NeverAsync, ct);
        }
        catch (TimeoutException)
        {
            completed = false;
        }

        Expect.That(!completed, "what is late is given up");
        await Expect.ThrowsAsync<TimeoutException>(() => Task.Delay(200, CancellationToken.None).WaitAsync(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromHours(1));
        limit.CancelAfter(TimeSpan.FromMilliseconds(5));
        await Expect.ThrowsAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, limit.Token));
        Expect.That(limit.IsCancellationRequested && !ct.IsCancellationRequested, "a scope expires");

        using var semaphore = new SemaphoreSlim(2, 2);
        int inside = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await semaphore.WaitAsync(ct);
            try
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Delay(1, ct);
                Interlocked.Decrement(ref inside);
            }
            finally
            {
                semaphore.Release();
            }
        }));
        Expect.That(most is 1 or 2, "at most two are inside");
        await semaphore.WaitAsync(ct);
        await semaphore.WaitAsync(ct);
        Expect.That(!await semaphore.WaitAsync(0, ct), "nothing is left for a third");
    }

    private static async Task<T> InTimeAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            return await work(limit.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"It took longer than {timeout}.", late);
        }
    }

    private static async Task<int> NeverAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        return 0;
    }
}
