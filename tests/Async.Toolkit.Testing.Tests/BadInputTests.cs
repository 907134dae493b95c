using System.Runtime.CompilerServices;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>What cannot be done is refused in so many words.</summary>
public sealed class BadInputTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public void A_missing_body_or_missing_options_are_named_at_once()
    {
        var options = new VirtualTimeOptions();
        Func<VirtualTime, Task> body = static _ => Task.CompletedTask;
        Assert.Throws<ArgumentNullException>("body", () => { _ = VirtualTime.RunAsync((Func<VirtualTime, Task>)null!); });
        Assert.Throws<ArgumentNullException>("body", () => { _ = VirtualTime.RunAsync((Func<VirtualTime, ValueTask>)null!); });
        Assert.Throws<ArgumentNullException>("body", () => { _ = VirtualTime.RunAsync((Func<VirtualTime, Task<int>>)null!); });
        Assert.Throws<ArgumentNullException>("body", () => { _ = VirtualTime.RunAsync((Func<VirtualTime, ValueTask<int>>)null!); });
        Assert.Throws<ArgumentNullException>("body", () => { _ = VirtualTime.RunAsync(options, (Func<VirtualTime, Task>)null!); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = VirtualTime.RunAsync(null!, body); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = VirtualTime.RunAsync(null!, static _ => ValueTask.CompletedTask); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = VirtualTime.RunAsync(null!, static _ => Task.FromResult(1)); });
        Assert.Throws<ArgumentNullException>("options", () => { _ = VirtualTime.RunAsync(null!, static _ => new ValueTask<int>(1)); });
    }

    [Fact]
    public void Options_are_checked_when_set()
    {
        Assert.Throws<ArgumentOutOfRangeException>("RealTimeLimit", () => new VirtualTimeOptions { RealTimeLimit = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>("RealTimeLimit", () => new VirtualTimeOptions { RealTimeLimit = -Hour });
        Assert.Equal(Timeout.InfiniteTimeSpan, new VirtualTimeOptions { RealTimeLimit = Timeout.InfiniteTimeSpan }.RealTimeLimit);
        Assert.Throws<ArgumentNullException>("LocalTimeZone", () => new VirtualTimeOptions { LocalTimeZone = null! });
    }

    [Fact]
    public async Task A_body_that_gives_null_is_told_so()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => VirtualTime.RunAsync(Task (time) => null!, TestToken));
        Assert.Contains("returned null", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Runs_do_not_nest() => VirtualTime.RunAsync(async time =>
    {
        Task<int> Inner() => VirtualTime.RunAsync(static _ => Task.FromResult(1), TestToken);
        Assert.Contains("inside another one", Assert.Throws<InvalidOperationException>(() => { _ = Inner(); }).Message, StringComparison.Ordinal);
        await Task.Run(async () => await Assert.ThrowsAsync<InvalidOperationException>(Inner), TestToken);
        await time.RealTimeAsync(async () => await Assert.ThrowsAsync<InvalidOperationException>(Inner));
        await time.Delay(Hour);
        await Assert.ThrowsAsync<InvalidOperationException>(Inner);
    }, TestToken);

    [Fact]
    public async Task What_a_run_has_left_behind_may_begin_another_one()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int>? later = null;
        await VirtualTime.RunAsync(time =>
        {
            later = Task.Run(async () =>
            {
                await ended.Task;
                return await VirtualTime.RunAsync(static _ => Task.FromResult(7), TestToken);
            }, TestToken);
            return Task.CompletedTask;
        }, TestToken);
        ended.SetResult();
        Assert.Equal(7, await later!);
    }

    [Fact]
    public Task A_clock_moves_neither_backwards_nor_past_the_calendar() => VirtualTime.RunAsync(async time =>
    {
        Assert.Throws<ArgumentOutOfRangeException>("by", () => { _ = time.AdvanceAsync(TimeSpan.FromTicks(-1)); });
        Assert.Throws<ArgumentOutOfRangeException>("by", () => { _ = time.AdvanceAsync(Timeout.InfiniteTimeSpan); });
        Assert.Throws<ArgumentOutOfRangeException>("by", () => { _ = time.AdvanceAsync(TimeSpan.MaxValue); });
        Assert.Throws<ArgumentOutOfRangeException>("delay", () => { _ = time.Delay(TimeSpan.FromMilliseconds(-2)); });
        Assert.Throws<ArgumentOutOfRangeException>("delay", () => { _ = time.Delay(DateTimeOffset.MaxValue - time.Now + TimeSpan.FromTicks(1)); });
        await time.AdvanceAsync(DateTimeOffset.MaxValue - time.Now);
        Assert.Equal(DateTimeOffset.MaxValue, time.Now);
    }, TestToken);

    [Fact]
    public Task Timers_are_checked_as_the_systems_are() => VirtualTime.RunAsync(time =>
    {
        TimeProvider clock = time.Provider;
        TimeSpan never = Timeout.InfiniteTimeSpan;
        var tooLong = TimeSpan.FromMilliseconds(uint.MaxValue);
        Assert.Throws<ArgumentNullException>("callback", () => clock.CreateTimer(null!, null, Hour, never));
        Assert.Throws<ArgumentOutOfRangeException>("dueTime", () => clock.CreateTimer(static _ => { }, null, -Hour, never));
        Assert.Throws<ArgumentOutOfRangeException>("dueTime", () => clock.CreateTimer(static _ => { }, null, tooLong, never));
        Assert.Throws<ArgumentOutOfRangeException>("period", () => clock.CreateTimer(static _ => { }, null, Hour, -Hour));
        Assert.Throws<ArgumentOutOfRangeException>("period", () => clock.CreateTimer(static _ => { }, null, Hour, tooLong));
        using ITimer timer = clock.CreateTimer(static _ => { }, null, never, never);
        Assert.Throws<ArgumentOutOfRangeException>("dueTime", () => timer.Change(-Hour, never));
        Assert.Throws<ArgumentOutOfRangeException>("period", () => timer.Change(Hour, -Hour));
        Assert.True(timer.Change(Hour, never));
        return Task.CompletedTask;
    }, TestToken);

    [Fact]
    public Task Missing_real_work_is_named_at_once() => VirtualTime.RunAsync(time =>
    {
        Assert.Throws<ArgumentNullException>("operation", () => { _ = time.RealTimeAsync((Func<Task>)null!); });
        Assert.Throws<ArgumentNullException>("operation", () => { _ = time.RealTimeAsync((Func<ValueTask>)null!); });
        Assert.Throws<ArgumentNullException>("operation", () => { _ = time.RealTimeAsync((Func<Task<int>>)null!); });
        Assert.Throws<ArgumentNullException>("operation", () => { _ = time.RealTimeAsync((Func<ValueTask<int>>)null!); });
        return Task.CompletedTask;
    }, TestToken);

    [Fact]
    public Task Real_work_that_gives_null_is_told_so() => VirtualTime.RunAsync(async time =>
    {
        foreach (Func<Task> use in new Func<Task>[] { () => time.RealTimeAsync(Task () => null!), () => time.RealTimeAsync(Task<int> () => null!) })
        {
            var thrown = await Assert.ThrowsAsync<InvalidOperationException>(use);
            Assert.Contains("RealTimeAsync returned null", thrown.Message, StringComparison.Ordinal);
        }

        await time.Delay(Hour); // no section has stayed open
    }, TestToken);

    [Fact]
    public async Task After_the_end_of_the_run_nothing_waits_for_its_clock()
    {
        VirtualTime? kept = null;
        ITimer? timer = null;
        await VirtualTime.RunAsync(time =>
        {
            kept = time;
            timer = time.Provider.CreateTimer(static _ => { }, null, Hour, Hour);
            return Task.CompletedTask;
        }, TestToken);

        foreach (Func<Task> use in new Func<Task>[]
        {
            () => kept!.Delay(Hour),
            () => kept!.Delay(TimeSpan.Zero),
            () => kept!.Delay(Timeout.InfiniteTimeSpan),
            () => kept!.SettleAsync(),
            () => kept!.AdvanceAsync(Hour),
            () => kept!.RealTimeAsync(static () => Task.CompletedTask),
            () => Task.Delay(Hour, kept!.Provider),
            () => Task.FromResult(timer!.Change(Hour, Hour)),
        })
        {
            var thrown = await Assert.ThrowsAsync<InvalidOperationException>(use);
            Assert.Contains("has ended at 00:00:00", thrown.Message, StringComparison.Ordinal);
        }

        Assert.True(timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Dispose();
        Assert.False(timer.Change(Hour, Hour));
    }

    [Fact]
    public Task A_thread_of_its_own_cannot_wait_for_the_clock_but_read_it() => VirtualTime.RunAsync(time =>
    {
        foreach (Func<Task> use in new Func<Task>[]
        {
            () => time.Delay(Hour),
            () => time.SettleAsync(),
            () => time.AdvanceAsync(Hour),
            () => time.RealTimeAsync(static () => Task.CompletedTask),
            () => Task.Delay(Hour, time.Provider),
        })
        {
            Exception? thrown = null;
            var worker = new Thread(() =>
            {
                try
                {
                    thrown = use().Exception?.InnerException;
                }
                catch (InvalidOperationException refused)
                {
                    thrown = refused;
                }
            })
            { Name = "my own" };
            worker.Start();
            worker.Join();
            Assert.Contains("thread 'my own'", Assert.IsType<InvalidOperationException>(thrown).Message, StringComparison.Ordinal);
        }

        var now = default(DateTimeOffset);
        var reader = new Thread(() => now = time.Now);
        reader.Start();
        reader.Join();
        Assert.Equal(time.Now, now);
        return Task.CompletedTask;
    }, TestToken);

    // A PeriodicTimer whose constructor throws would end the process when it is finalized.
    [Fact]
    public async Task A_PeriodicTimer_that_is_refused_fails_the_run_and_not_the_process()
    {
        VirtualTime? kept = null;
        Task run = VirtualTime.RunAsync(time =>
        {
            kept = time;
            var worker = new Thread(() => Forget(time)) { Name = "my own" };
            worker.Start();
            worker.Join();
            return Task.CompletedTask;
        }, TestToken);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        Assert.Contains("thread 'my own'", thrown.Message, StringComparison.Ordinal);

        Forget(kept!); // the run has ended
        GC.Collect();
        GC.WaitForPendingFinalizers();

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(VirtualTime time)
        {
            try
            {
                _ = new PeriodicTimer(Hour, time.Provider);
            }
            catch (InvalidOperationException)
            {
                // Refused, as all else is, and left to its finalizer half made.
            }
        }
    }

    // The runtime tells it as the context changes: what is thrown there, by a wait that is interrupted, ends the process.
    [Fact]
    public Task A_thread_of_its_own_comes_in_without_a_wait_for_anybody() => VirtualTime.RunAsync(_ =>
    {
        using var isIn = new ManualResetEventSlim();
        var worker = new Thread(isIn.Set);
        lock (VirtualRun.Current!.Gate)
        {
            worker.Start();
            Assert.True(isIn.Wait(TimeSpan.FromSeconds(10), TestToken));
        }

        worker.Join();
        return Task.CompletedTask;
    }, TestToken);

    [Fact]
    public async Task A_thread_of_its_own_is_named_where_the_body_waits_for_ever()
    {
        using var release = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        Task run = VirtualTime.RunAsync(time =>
        {
            new Thread(() =>
            {
                began.Set();
                release.Wait(TestToken);
            })
            { Name = "my own" }.Start();
            began.Wait(TestToken);
            return new TaskCompletionSource().Task;
        }, TestToken);
        var thrown = await Assert.ThrowsAsync<VirtualTimeDeadlockException>(() => run);
        release.Set();
        Assert.Contains("thread 'my own'", thrown.Message, StringComparison.Ordinal);
    }
}
