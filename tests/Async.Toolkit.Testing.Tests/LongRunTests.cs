using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>
/// Much virtual time, many waits: each ends at its own instant. Alone in the process, where no other run takes turns; how much real time it takes is
/// measured by benchmarks.
/// </summary>
[Collection(nameof(LongRunTests))]
[CollectionDefinition(nameof(LongRunTests), DisableParallelization = true)]
public sealed class LongRunTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_week_of_a_hundred_loops_with_ten_thousand_delays() => VirtualTime.RunAsync(async time =>
    {
        const int Loops = 100;
        const int Steps = 100;
        TimeSpan step = TimeSpan.FromDays(7) / Steps;
        await Task.WhenAll(Enumerable.Range(0, Loops).Select(async loop =>
        {
            // No two loops wake at the same instant; the last one does at the end of the week.
            TimeSpan begin = -TimeSpan.FromMilliseconds(Loops - 1 - loop);
            await time.Delay(step + begin);
            for (int i = 1; i < Steps; i++)
            {
                Assert.Equal((i * step) + begin, time.Elapsed);
                await Task.Yield();
                await Task.Run(static () => { });
                await time.Delay(step);
                await Task.Run(static async () => await Task.Yield());
            }

            Assert.Equal((Steps * step) + begin, time.Elapsed);
        }));

        Assert.Equal(TimeSpan.FromDays(7), time.Elapsed);
    }, TestToken);

    [Fact]
    public Task A_year_of_a_timer_that_ticks_once_a_minute() => VirtualTime.RunAsync(async time =>
    {
        int ticks = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time.Provider);
        async Task CountAsync()
        {
            while (await timer.WaitForNextTickAsync())
            {
                if (time.Elapsed.Ticks != ++ticks * TimeSpan.TicksPerMinute)
                {
                    Assert.Fail($"Tick {ticks} came at {time.Elapsed}.");
                }
            }
        }

        Task counting = CountAsync();
        await time.AdvanceAsync(TimeSpan.FromDays(365));
        timer.Dispose();
        await counting;

        Assert.Equal(525_600, ticks);
        Assert.Equal(TimeSpan.FromDays(365), time.Elapsed);
    }, TestToken);
}
