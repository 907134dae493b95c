using Async.Toolkit.Benchmarks.Suite;
using Async.Toolkit.Testing;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

/// <summary>How much real time virtual time takes. Each method is a whole test as somebody would write it.</summary>
[Part(
    "Virtual time",
    "What a whole test in virtual time takes of real time: a year of a timer that ticks once a minute, and a week of a hundred loops.",
    Unit = "test",
    Units = 1)]
public class VirtualTimeBenchmarks
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>525,600 ticks of one timer.</summary>
    [Ours, Benchmark(Baseline = true, Description = "a year, once a minute")]
    public Task<TimeSpan> YearOfOncePerMinute() => VirtualTime.RunAsync(async time =>
    {
        using var timer = new PeriodicTimer(Minute, time.Provider);
        for (int tick = 0; tick < 365 * 24 * 60; tick++)
        {
            await timer.WaitForNextTickAsync();
        }

        return time.Elapsed;
    });

    /// <summary>10,000 delays of 100 loops, each behind hops through the pool.</summary>
    [Ours, Benchmark(Description = "a week of a hundred loops")]
    public Task<TimeSpan> WeekOfHundredLoops() => VirtualTime.RunAsync(async time =>
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async loop =>
        {
            for (int step = 0; step < 100; step++)
            {
                await Task.Yield();
                await time.Delay(100.8 * Minute + TimeSpan.FromMilliseconds(loop));
                await Task.Run(static () => { });
            }
        }));
        return time.Elapsed;
    });

    /// <summary>A thousand delays in each of eight runs that share the pool.</summary>
    [Ours, Benchmark(Description = "eight runs at once")]
    public Task EightRunsAtOnce() => Task.WhenAll(Enumerable.Range(0, 8).Select(static _ => VirtualTime.RunAsync(static async time =>
    {
        for (int hour = 0; hour < 1_000; hour++)
        {
            await time.Delay(60 * Minute);
            await Task.Yield();
        }
    })));
}
