namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>Finds out how much is alive while something runs, by collecting over and over: slow, and so never while times are taken.</summary>
internal static class MemorySampler
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>The most bytes that were seen alive at once, above what was alive before.</summary>
    public static async Task<long> PeakAsync(Func<Task> run)
    {
        long before = LiveBytes();
        long peak = before;
        using var over = new ManualResetEventSlim();

        // A thread of its own: the pool may be busy with what is being measured.
        var sampler = new Thread(() =>
        {
            do
            {
                peak = Math.Max(peak, LiveBytes());
            }
            while (!over.Wait(Pause));
        });
        sampler.Start();
        try
        {
            await run();
        }
        finally
        {
            over.Set();
            sampler.Join();
        }

        return peak - before;
    }

    private static long LiveBytes()
    {
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
