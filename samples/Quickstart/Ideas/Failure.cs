using System.Diagnostics;
using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>
/// The first failure cancels the other children, the group waits until they have ended, and then throws that failure itself: nobody is left
/// running, and nothing is lost.
/// </summary>
internal static class Failure
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan failedAfter = default;
        Task quick = Task.CompletedTask;
        Task patient = Task.CompletedTask;
        Task careful = Task.CompletedTask;
        try
        {
            await TaskGroup.RunAsync(
                group =>
                {
                    quick = group.Run(ct => Task.Delay(100, ct));
                    patient = group.Run(ct => Task.Delay(TimeSpan.FromSeconds(30), ct));
                    careful = group.Run(WaitAndCleanUpAsync);
                    group.Start(async ct =>
                    {
                        await Task.Delay(300, ct);
                        failedAfter = watch.Elapsed;
                        throw new InvalidDataException("the third record is damaged");
                    });
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
        }
        catch (InvalidDataException failure)
        {
            TimeSpan overAfter = watch.Elapsed;
            Console.WriteLine($"a child failed after:        {failedAfter.TotalSeconds:F2} s");
            Console.WriteLine($"all was over after:          {overAfter.TotalSeconds:F2} s, with what the group threw: {failure.GetType().Name}: {failure.Message}");
            Console.WriteLine($"a child of 0.1 s:            {quick.Status}");
            Console.WriteLine($"a child of 30 s:             {patient.Status}");
            Console.WriteLine($"a child of 30 s + clean-up:  {careful.Status}, and the group waited for its clean-up of 0.2 s");
        }
    }

    private static async Task WaitAndCleanUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken);
        }
        finally
        {
            // Work that must be done even now takes no token.
            await Task.Delay(200, CancellationToken.None);
        }
    }
}
