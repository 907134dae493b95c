using System.Diagnostics;

namespace Quickstart;

/// <summary>Runs something and gives the seconds it took.</summary>
internal static class Measure
{
    public static async Task<double> SecondsAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }
}
