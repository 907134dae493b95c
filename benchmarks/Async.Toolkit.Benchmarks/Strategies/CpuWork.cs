using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>
/// Work for a processor, counted in turns of a loop: a clock would also count the time in which another thread had the core, and so promise
/// more cores than there are.
/// </summary>
internal static class CpuWork
{
    private static readonly Lazy<double> TurnsPerMicrosecond = new(Calibrate);
    private static ulong _sink;

    /// <summary>How many turns take <paramref name="time"/> on a core of one's own.</summary>
    public static long TurnsFor(TimeSpan time) => time == TimeSpan.Zero ? 0 : Math.Max(1, (long)(time.TotalMicroseconds * TurnsPerMicrosecond.Value));

    // Compiled once and for all: code that gets faster while it is measured would make the first strategy the slowest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spin(long turns)
    {
        ulong value = 88172645463325252;
        for (long i = 0; i < turns; i++)
        {
            value ^= value << 13;
            value ^= value >> 7;
            value ^= value << 17;
        }

        // Never true, but the compiler does not know: the loop has to be run.
        if (value == 0)
        {
            _sink = value;
        }
    }

    // The fastest of several tries, since whatever disturbs a try makes it slower.
    private static double Calibrate()
    {
        const long Turns = 500_000;
        double best = 0;
        for (int i = 0; i < 20; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Spin(Turns);
            best = Math.Max(best, Turns / Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return best;
    }
}
