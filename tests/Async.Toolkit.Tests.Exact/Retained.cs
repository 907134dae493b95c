using Xunit;

namespace Async.Toolkit.Tests.Exact;

/// <summary>What stays on the heap behind a million of something.</summary>
internal static class Retained
{
    public const int Million = 1_000_000;

    /// <summary>Demands that it is less than a bit for each of them.</summary>
    /// <remarks>What they leave behind they leave each time; what the pool takes for the threads that it adds on a busy machine it takes once.</remarks>
    public static async Task NothingAsync(Func<Task> runMillion, ITestOutputHelper output)
    {
        long retained = long.MaxValue;
        for (int i = 0; i < 3 && retained > Million / 10; i++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            await runMillion();
            retained = GC.GetTotalMemory(forceFullCollection: true) - before;
            output.WriteLine($"{retained} bytes after {Million}");

            // Nor is anything to grow once to the size of them all.
            Assert.InRange(retained, long.MinValue, Million);
        }

        Assert.InRange(retained, long.MinValue, Million / 10);
    }

    /// <inheritdoc cref="NothingAsync"/>
    public static Task NothingAsync(Action runMillion, ITestOutputHelper output) => NothingAsync(
        () =>
        {
            runMillion();
            return Task.CompletedTask;
        },
        output);
}
