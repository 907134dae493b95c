using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>Waiting costs no thread, so three waits together take as long as the longest of them.</summary>
internal static class Waits
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        double oneAfterAnother = await Measure.SecondsAsync(async () =>
        {
            await Task.Delay(OneSecond, cancellationToken);
            await Task.Delay(OneSecond, cancellationToken);
            await Task.Delay(OneSecond, cancellationToken);
        });
        Console.WriteLine($"one after another: {oneAfterAnother:F2} s");

        double together = await Measure.SecondsAsync(() => TaskGroup.RunAsync(
            group =>
            {
                group.Start(ct => Task.Delay(OneSecond, ct));
                group.Start(ct => Task.Delay(OneSecond, ct));
                group.Start(ct => Task.Delay(OneSecond, ct));
                return ValueTask.CompletedTask;
            },
            cancellationToken));
        Console.WriteLine($"together:          {together:F2} s");
    }
}
