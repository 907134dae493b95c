namespace Async.Toolkit.Tests;

/// <summary>What a piece of code takes on its thread.</summary>
internal static class AllocatedBytes
{
    /// <summary>The least of some runs: where an object does not fit into what is left of the thread's buffer, that rest counts, too.</summary>
    public static long Least(Action run)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
