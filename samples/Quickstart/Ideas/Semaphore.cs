using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>Three permits let three requests in at a time; the other seven wait their turn, first come, first served.</summary>
internal static class Semaphore
{
    private static readonly TimeSpan HalfASecond = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var semaphore = new AsyncSemaphore(3);
        int inside = 0;
        int[] most = [0];

        async ValueTask RequestAsync(CancellationToken ct)
        {
            using (await semaphore.AcquireAsync(ct))
            {
                int now = Interlocked.Increment(ref inside);
                lock (most)
                {
                    most[0] = Math.Max(most[0], now);
                }

                await Task.Delay(HalfASecond, ct);
                Interlocked.Decrement(ref inside);
            }
        }

        double seconds = await Measure.SecondsAsync(() => TaskGroup.RunAsync(
            group =>
            {
                for (int request = 0; request < 10; request++)
                {
                    group.Start(RequestAsync);
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken));
        Console.WriteLine($"10 requests of 0.5 s, never more than {most[0]} at once: {seconds:F2} s");
    }
}
