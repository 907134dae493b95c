using Shared;

namespace Nothing;

internal static class Groups
{
    public static async Task RunAsync(CancellationToken ct)
    {
        using var places = new SemaphoreSlim(2);
        int sum = await Telling.AroundAsync("sum", async () =>
        {
            Task<int> one = LimitedAsync(places, token => NumberAsync(1, token), ct);
            Task<int> two = LimitedAsync(places, token => NumberAsync(2, token), ct);
            Task<int> three = LimitedAsync(places, token => NumberAsync(3, token), ct);
            Task rest = Task.Delay(1, ct);
            await Task.WhenAll(one, two, three, rest);
            return await one + await two + await three;
        });
        Expect.That(sum == 6, "a group adds up");

        await Expect.ThrowsAsync<FormatException>(() => TogetherAsync(ct,
            _ => throw new FormatException("first"),
            token => Task.Delay(Timeout.Infinite, token)));
        Expect.That(true, "the first failure cancels the siblings");

        int failures = 0;
        await AloneAsync(_ => throw new FormatException("alone"), _ => Interlocked.Increment(ref failures), ct);
        Expect.That(failures == 1, "a supervised child fails alone");

        await Expect.ThrowsAsync<TimeoutException>(async () =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(10);
            try
            {
                await TogetherAsync(limit.Token, static token => Task.Delay(Timeout.Infinite, token));
            }
            catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException("too late", late);
            }
        });

        var open = new List<Task>();
        Task<int> child = Task.Run(() => NumberAsync(4, ct), ct);
        open.Add(child);
        await Task.WhenAll(open);
        Expect.That(await child == 4, "an open group is joined");
    }

    private static async Task<T> LimitedAsync<T>(SemaphoreSlim places, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try
        {
            return await Task.Run(() => work(ct), ct);
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task TogetherAsync(CancellationToken ct, params Func<CancellationToken, Task>[] children)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var failures = new List<Exception>();
        await Task.WhenAll(children.Select(child => Task.Run(async () =>
        {
            try
            {
                await child(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Asked for.
            }
            catch (Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }

                await stop.CancelAsync();
            }
        }, CancellationToken.None)));
        if (failures.Count > 0)
        {
            throw failures[0];
        }

        ct.ThrowIfCancellationRequested();
    }

    private static async Task AloneAsync(Func<CancellationToken, Task> child, Action<Exception> failed, CancellationToken ct)
    {
        try
        {
            await Task.Run(() => child(ct), ct);
        }
        catch (Exception failure)
        {
            failed(failure);
            if (Telling.Log is { } log)
            {
                Telling.Failed(log, failure, "child");
            }
        }
    }

    private static async Task<int> NumberAsync(int number, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return number;
    }
}
