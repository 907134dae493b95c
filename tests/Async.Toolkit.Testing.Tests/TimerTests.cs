using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>The timers of the clock, next to those of the system.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task Timers_of_one_instant_fire_in_the_order_of_their_creation() => VirtualTime.RunAsync(async time =>
    {
        var fired = new List<int>();
        ITimer[] timers = [.. Enumerable.Range(0, 100).Select(i => time.Provider.CreateTimer(_ => fired.Add(i), null, Never, Never))];
        foreach (ITimer timer in timers.Reverse())
        {
            timer.Change(Hour, Never);
        }

        await time.AdvanceAsync(Hour);
        Assert.Equal(Enumerable.Range(0, 100), fired);
    }, TestToken);

    [Fact]
    public Task Delays_of_one_instant_end_in_the_order_of_their_creation_however_long_they_are() => VirtualTime.RunAsync(async time =>
    {
        var ended = new List<string>();
        async Task WaitAsync(string name, double days)
        {
            await time.Delay(TimeSpan.FromDays(days));
            ended.Add(name);
        }

        Task first = WaitAsync("first", 60);
        await time.Delay(TimeSpan.FromDays(20));
        await Task.WhenAll(WaitAsync("second", 40), first);
        Assert.Equal(["first", "second"], ended);
        Assert.Equal(TimeSpan.FromDays(60), time.Elapsed);
    }, TestToken);

    [Fact]
    public Task One_timer_fires_at_a_time_and_all_that_comes_of_it_comes_before_the_next() => VirtualTime.RunAsync(async time =>
    {
        int open = 0;
        int most = 0;
        async Task Wait()
        {
            await time.Delay(Hour);
            most = Math.Max(most, Interlocked.Increment(ref open));
            for (int i = 0; i < 10; i++)
            {
                await Task.Run(static () => { }, TestToken);
                await Task.Yield();
            }

            Interlocked.Decrement(ref open);
        }

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Wait()));
        Assert.Equal(1, most);
    }, TestToken);

    [Fact]
    public Task Timers_fire_in_the_order_of_their_instants_however_they_are_set_anew_and_disposed() => VirtualTime.RunAsync(async time =>
    {
        const int Count = 2_000;
        var random = new Random(8);
        var fired = new List<(TimeSpan At, int Number)>();
        var expected = new TimeSpan?[Count];
        ITimer[] timers = [.. Enumerable.Range(0, Count).Select(i => time.Provider.CreateTimer(_ => fired.Add((time.Elapsed, i)), null, Never, Never))];
        for (int i = 0; i < 10 * Count; i++)
        {
            int which = random.Next(Count);
            TimeSpan? due = random.Next(4) == 0 ? null : TimeSpan.FromSeconds(random.Next(500));
            timers[which].Change(due ?? Never, Never);
            expected[which] = due;
        }

        for (int i = 0; i < Count / 10; i++)
        {
            int which = random.Next(Count);
            await timers[which].DisposeAsync();
            expected[which] = null;
        }

        await time.AdvanceAsync(TimeSpan.FromSeconds(500));
        Assert.Equal(expected.Index().Where(static one => one.Item is not null).OrderBy(static one => one.Item).ThenBy(static one => one.Index).Select(static one => (one.Item!.Value, one.Index)), fired);
    }, TestToken);

    [Fact]
    public Task A_periodic_timer_fires_at_its_due_time_and_then_once_in_each_period() => VirtualTime.RunAsync(async time =>
    {
        var fired = new List<double>();
        using ITimer timer = time.Provider.CreateTimer(_ => fired.Add(time.Elapsed.TotalHours), null, 0.5 * Hour, 2 * Hour);
        await time.AdvanceAsync(7 * Hour);
        timer.Change(Hour, TimeSpan.Zero); // no period: once
        await time.AdvanceAsync(100 * Hour);
        Assert.Equal([0.5, 2.5, 4.5, 6.5, 8], fired);
    }, TestToken);

    [Fact]
    public Task A_disposed_timer_fires_no_more_and_cannot_be_set() => VirtualTime.RunAsync(async time =>
    {
        int fired = 0;
        ITimer timer = time.Provider.CreateTimer(_ => fired++, null, Hour, Hour);
        await time.AdvanceAsync(Hour);
        timer.Dispose();
        timer.Dispose();
        Assert.False(timer.Change(Hour, Hour));
        await time.AdvanceAsync(10 * Hour);
        Assert.Equal(1, fired);
    }, TestToken);

    [Fact]
    public Task A_timer_may_dispose_of_itself_and_others_in_its_callback() => VirtualTime.RunAsync(async time =>
    {
        var fired = new List<string>();
        ITimer? first = null;
        ITimer? second = null;
        first = time.Provider.CreateTimer(_ =>
        {
            fired.Add("first");
            first!.Dispose();
            second!.Dispose();
        }, null, Hour, Hour);
        second = time.Provider.CreateTimer(_ => fired.Add("second"), null, Hour, Hour);
        await time.AdvanceAsync(5 * Hour);
        Assert.Equal(["first"], fired);
    }, TestToken);

    [Fact]
    public Task DisposeAsync_ends_when_the_callback_has_ended() => VirtualTime.RunAsync(async time =>
    {
        ITimer? timer = null;
        Task? disposal = null;
        Task? again = null;
        bool hadEnded = true;
        timer = time.Provider.CreateTimer(_ =>
        {
            disposal = timer!.DisposeAsync().AsTask();
            again = timer.DisposeAsync().AsTask();
            hadEnded = disposal.IsCompleted || again.IsCompleted;
        }, null, Hour, Hour);
        await time.AdvanceAsync(5 * Hour);
        Assert.False(hadEnded);
        await disposal!;
        await again!;
        await timer.DisposeAsync();
    }, TestToken);

    [Fact]
    public Task Callbacks_run_on_the_pool_without_a_context_and_with_the_values_of_their_creator() => VirtualTime.RunAsync(async time =>
    {
        var local = new AsyncLocal<string>();
        var seen = new List<string?>();
        void Note(object? _) => seen.Add($"{local.Value} {Thread.CurrentThread.IsThreadPoolThread} {SynchronizationContext.Current is null} {TaskScheduler.Current == TaskScheduler.Default}");
        local.Value = "first";
        using ITimer first = time.Provider.CreateTimer(Note, null, Hour, Never);
        local.Value = "second";
        using ITimer second = time.Provider.CreateTimer(state =>
        {
            Note(state);
            local.Value = "left behind";
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        }, null, Hour, Never);
        ITimer third;
        using (ExecutionContext.SuppressFlow())
        {
            third = time.Provider.CreateTimer(Note, null, Hour, Never);
        }

        await time.AdvanceAsync(Hour);
        third.Dispose();
        Assert.Equal(["first True True True", "second True True True", " True True True"], seen);
        Assert.Equal("second", local.Value);
    }, TestToken);
}
