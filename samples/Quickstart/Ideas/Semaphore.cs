using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>Three permits let three requests in at a time; the other seven wait their turn, first come, first served.</summary>
internal static class Semaphore
{
    private static readonly TimeSpan HalfASecond = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var semaphore = new AsyncSemaphore(3);
        var inside = new HighWater();

        async ValueTask RequestAsync(CancellationToken ct)
        {
            using (await semaphore.AcquireAsync(ct))
            {
                inside.Enter();
                await Task.Delay(HalfASecond, ct);
                inside.Leave();
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
        Console.WriteLine($"10 requests of 0.5 s, never more than {inside.Most} at once: {seconds:F2} s");
    }
}
