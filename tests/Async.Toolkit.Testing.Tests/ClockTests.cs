using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>How the clock moves, and what waits for it.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task It_starts_where_the_options_say_and_jumps_to_the_next_timer()
    {
        var start = new DateTimeOffset(2024, 2, 28, 23, 30, 0, TimeSpan.FromHours(2));
        return VirtualTime.RunAsync(new VirtualTimeOptions { StartTime = start }, async time =>
        {
            Assert.Equal(start, time.Now);
            Assert.Equal(TimeSpan.Zero, time.Now.Offset);
            Assert.Equal(TimeSpan.Zero, time.Elapsed);
            long stamp = time.Provider.GetTimestamp();

            await time.Delay(TimeSpan.FromDays(1));

            Assert.Equal(start.AddDays(1), time.Now);
            Assert.Equal(TimeSpan.FromDays(1), time.Elapsed);
            Assert.Equal(TimeSpan.FromDays(1), time.Provider.GetElapsedTime(stamp));
        }, TestToken);
    }

    [Fact]
    public Task It_starts_in_the_year_2000_in_utc() => VirtualTime.RunAsync(time =>
    {
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), time.Now);
        Assert.Equal(time.Now, time.Provider.GetLocalNow());
        return Task.CompletedTask;
    }, TestToken);

    [Fact]
    public Task Its_local_time_is_that_of_the_zone_in_the_options()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("here", TimeSpan.FromHours(5.5), "here", "here");
        return VirtualTime.RunAsync(new VirtualTimeOptions { LocalTimeZone = zone }, time =>
        {
            Assert.Equal(TimeSpan.FromHours(5.5), time.Provider.GetLocalNow().Offset);
            return Task.CompletedTask;
        }, TestToken);
    }

    [Fact]
    public Task Everything_that_takes_a_clock_runs_on_it() => VirtualTime.RunAsync(async time =>
    {
        await Task.Delay(Hour, time.Provider, TestToken);
        Assert.Equal(Hour, time.Elapsed);

        using (var limit = new CancellationTokenSource(Hour, time.Provider))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, limit.Token));
            Assert.Equal(2 * Hour, time.Elapsed);
        }

        await Assert.ThrowsAsync<TimeoutException>(() => new TaskCompletionSource().Task.WaitAsync(Hour, time.Provider));
        Assert.Equal(3 * Hour, time.Elapsed);

        using var timer = new PeriodicTimer(Hour, time.Provider);
        for (int tick = 4; tick < 7; tick++)
        {
            Assert.True(await timer.WaitForNextTickAsync(TestToken));
            Assert.Equal(tick * Hour, time.Elapsed);
        }
    }, TestToken);

    [Fact]
    public Task A_tick_that_nobody_waited_for_is_not_lost_and_two_of_them_are_one() => VirtualTime.RunAsync(async time =>
    {
        using var timer = new PeriodicTimer(Hour, time.Provider);
        await time.Delay(2.5 * Hour);
        await timer.WaitForNextTickAsync(TestToken);
        Assert.Equal(2.5 * Hour, time.Elapsed);
        await timer.WaitForNextTickAsync(TestToken);
        Assert.Equal(3 * Hour, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task Delays_of_any_length_and_of_none() => VirtualTime.RunAsync(async time =>
    {
        await time.Delay(TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, time.Elapsed);
        await time.Delay(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, time.Elapsed.TotalMilliseconds);
        await time.Delay(TimeSpan.FromDays(100 * 365));
        Assert.Equal(TimeSpan.FromMilliseconds(1) + TimeSpan.FromDays(100 * 365), time.Elapsed);
    }, TestToken);

    [Fact]
    public Task A_delay_can_be_canceled() => VirtualTime.RunAsync(async time =>
    {
        using var cancellation = new CancellationTokenSource();
        Task forever = time.Delay(Timeout.InfiniteTimeSpan, cancellation.Token);
        Task years = time.Delay(TimeSpan.FromDays(1000), cancellation.Token);
        await time.Delay(Hour);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => forever);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => years);
        Assert.Equal(Hour, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task Settling_lets_everything_run_and_moves_nothing() => VirtualTime.RunAsync(async time =>
    {
        int hops = 0;
        bool fired = false;
        using ITimer due = time.Provider.CreateTimer(_ => fired = true, null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Task work = Task.Run(async () =>
        {
            for (; hops < 1000; hops++)
            {
                await Task.Yield();
            }
        }, TestToken);

        await time.SettleAsync();

        Assert.Equal(1000, hops);
        Assert.True(work.IsCompleted);
        Assert.False(fired);
        Assert.Equal(TimeSpan.Zero, time.Elapsed);
        await time.AdvanceAsync(TimeSpan.Zero);
        Assert.True(fired);
    }, TestToken);

    [Fact]
    public Task Who_settles_first_goes_on_first_and_all_that_comes_of_it_comes_before_the_second() => VirtualTime.RunAsync(async time =>
    {
        var seen = new List<string>();
        async Task SettleTwice(string name)
        {
            await time.SettleAsync();
            seen.Add($"{name} settled");
            await Task.Yield();
            await Task.Run(() => seen.Add($"{name} went on"), TestToken);
        }

        await Task.WhenAll(SettleTwice("one"), SettleTwice("two"));
        Assert.Equal(["one settled", "one went on", "two settled", "two went on"], seen);
    }, TestToken);

    [Fact]
    public Task Advancing_ends_behind_everything_of_its_instant() => VirtualTime.RunAsync(async time =>
    {
        var seen = new List<string>();
        Task loop = Task.Run(async () =>
        {
            for (int i = 1; i <= 5; i++)
            {
                await time.Delay(Hour);
                await Task.Yield();
                seen.Add($"{i} at {time.Elapsed.TotalHours}");
            }
        }, TestToken);

        await time.AdvanceAsync(3 * Hour);
        seen.Add($"advanced to {time.Elapsed.TotalHours}");
        await time.AdvanceAsync(TimeSpan.FromMinutes(30));
        seen.Add($"advanced to {time.Elapsed.TotalHours}");
        await loop;
        Assert.Equal(["1 at 1", "2 at 2", "3 at 3", "advanced to 3", "advanced to 3.5", "4 at 4", "5 at 5"], seen);
    }, TestToken);

    [Fact]
    public Task Advancing_by_nothing_fires_what_is_due() => VirtualTime.RunAsync(async time =>
    {
        int fired = 0;
        using ITimer now = time.Provider.CreateTimer(_ => fired++, null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        using ITimer soon = time.Provider.CreateTimer(_ => fired++, null, TimeSpan.FromTicks(1), Timeout.InfiniteTimeSpan);
        await time.AdvanceAsync(TimeSpan.Zero);
        Assert.Equal(1, fired);
        Assert.Equal(TimeSpan.Zero, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task Several_advances_at_once_end_in_the_order_of_their_instants() => VirtualTime.RunAsync(async time =>
    {
        var seen = new List<string>();
        async Task Advance(string name, TimeSpan by)
        {
            await time.AdvanceAsync(by);
            seen.Add($"{name} at {time.Elapsed.TotalHours}");
        }

        await Task.WhenAll(Advance("long", 2 * Hour), Advance("first", Hour), Advance("second", Hour));
        Assert.Equal(["first at 1", "second at 1", "long at 2"], seen);
    }, TestToken);

    [Fact]
    public async Task The_time_can_be_read_when_the_run_has_ended()
    {
        VirtualTime? kept = null;
        await VirtualTime.RunAsync(async time =>
        {
            kept = time;
            await time.Delay(Hour);
        }, TestToken);

        Assert.Equal(Hour, kept!.Elapsed);
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 1, 0, 0, TimeSpan.Zero), kept.Now);
    }
}
