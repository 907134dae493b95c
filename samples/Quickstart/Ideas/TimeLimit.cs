using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>A limit cancels what takes too long: around one call, or as a scope around several statements.</summary>
internal static class TimeLimit
{
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        double call = await Measure.SecondsAsync(async () =>
        {
            try
            {
                await AsyncTimeout.RunAsync(TwoSeconds, TenSecondsAsync, cancellationToken);
            }
            catch (TimeoutException late)
            {
                Console.WriteLine($"as a call:  {late.Message}");
            }
        });
        Console.WriteLine($"            {call:F2} s");

        double scope = await Measure.SecondsAsync(async () =>
        {
            await using var limit = new AsyncTimeout(TwoSeconds, cancellationToken);
            try
            {
                await TenSecondsAsync(limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsExpired)
            {
                Console.WriteLine("as a scope: the limit has expired");
            }
        });
        Console.WriteLine($"            {scope:F2} s");
    }

    private static Task TenSecondsAsync(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
}
