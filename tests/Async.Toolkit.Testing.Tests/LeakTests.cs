using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>What a body leaves behind.</summary>
public sealed class LeakTests
{
    private static readonly VirtualTimeOptions Checked = new() { CheckForLeaks = true };
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_leaves_nothing_passes() => Assert.Equal(7, await VirtualTime.RunAsync(Checked, async time =>
    {
        using var timer = new PeriodicTimer(Hour, time.Provider);
        using var limit = new CancellationTokenSource(Hour, time.Provider);
        await timer.WaitForNextTickAsync(TestToken);
        await time.SettleAsync();
        await time.AdvanceAsync(Hour);
        await time.RealTimeAsync(static () => Task.CompletedTask);
        return 7;
    }, TestToken));

    [Fact]
    public Task What_is_about_to_end_is_no_leak() => VirtualTime.RunAsync(Checked, time =>
    {
        _ = Task.Run(async () =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                await Task.Yield();
            }
        }, TestToken);
        return Task.CompletedTask;
    }, TestToken);

    [Fact]
    public async Task A_loop_that_nobody_awaits_and_a_timer_that_nobody_disposes_are_leaks()
    {
        string message = await LeaksOf(async time =>
        {
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    await time.Delay(2 * Hour);
                }
            }, TestToken);
            var heartbeat = new PeriodicTimer(Hour, time.Provider);
            await heartbeat.WaitForNextTickAsync(TestToken);
        });
        Assert.Contains("PeriodicTimer timer, due in 01:00:00, every 01:00:00", message, StringComparison.Ordinal);
        Assert.Contains("time.Delay, due in 01:00:00", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_leaks_the_first_are_listed_and_the_others_counted()
    {
        string message = await LeaksOf(time =>
        {
            for (int i = 0; i < 100; i++)
            {
                _ = time.Delay(Hour);
            }

            return Task.CompletedTask;
        });
        Assert.Contains("and 90 more", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Real_work_that_nobody_awaits_is_a_leak()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? work = null;
        string message = await LeaksOf(time =>
        {
            work = time.RealTimeAsync(() => end.Task);
            return Task.CompletedTask;
        });
        end.SetResult();
        await work!.WaitAsync(TimeSpan.FromSeconds(30), TestToken);
        Assert.Contains("open RealTimeAsync sections: 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_that_still_lives_is_a_leak()
    {
        using var release = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        string message = await LeaksOf(time =>
        {
            new Thread(() =>
            {
                began.Set();
                release.Wait(TestToken);
            })
            { Name = "left behind" }.Start();
            began.Wait(TestToken);
            return Task.CompletedTask;
        });
        release.Set();
        Assert.Contains("thread 'left behind'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_for_the_clock_that_nobody_awaits_is_a_leak()
    {
        string advancing = await LeaksOf(time =>
        {
            _ = time.AdvanceAsync(Hour);
            return Task.CompletedTask;
        });
        Assert.Contains("time.AdvanceAsync, due in 01:00:00", advancing, StringComparison.Ordinal);
        string settling = await LeaksOf(time =>
        {
            _ = time.SettleAsync();
            return Task.CompletedTask;
        });
        Assert.Contains("time.SettleAsync, due in 00:00:00", settling, StringComparison.Ordinal);
    }

    // Several times: the first run is slow enough for any thread to end.
    [Fact]
    public async Task A_thread_whose_work_has_ended_is_no_leak()
    {
        for (int i = 0; i < 5; i++)
        {
            using var ends = new ManualResetEventSlim();
            await VirtualTime.RunAsync(Checked, async time =>
            {
                var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await time.RealTimeAsync(() =>
                {
                    new Thread(() =>
                    {
                        end.SetResult();
                        ends.Wait(TestToken);
                        Thread.SpinWait(100_000); // what every thread has to do behind its work, only longer
                    }).Start();
                    return end.Task;
                });
                ends.Set();
            }, TestToken);
        }
    }

    [Fact]
    public async Task The_bodys_failure_comes_before_its_leaks()
    {
        var failure = new IOException();
        Task run = VirtualTime.RunAsync(Checked, async time =>
        {
            _ = time.Delay(Hour);
            await Task.Yield();
            throw failure;
        }, TestToken);
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => run));
    }

    [Fact]
    public Task Nobody_looks_for_leaks_unasked() => VirtualTime.RunAsync(async time =>
    {
        _ = time.Delay(2 * Hour);
        await time.Delay(Hour); // the body ends inside the callback of a timer
    }, TestToken);

    [Fact]
    public async Task A_group_that_stays_open_is_a_leak_with_all_that_runs_in_it()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskGroup? kept = null;
        string message = await LeaksOf(async time =>
        {
            await Task.Yield();
            await TaskGroup.RunAsync(async outer => await outer.Run(async _ =>
            {
                await Task.Yield();
                kept = TaskGroup.Open(new TaskGroupOptions { Name = "left open" }, CancellationToken.None);
                kept.Start(_ => end.Task);
                kept.Start(_ => TaskGroup.RunAsync(new TaskGroupOptions { Name = "within" }, _ => end.Task, CancellationToken.None));
            }));
        });
        end.SetResult();
        await kept!.DisposeAsync();
        Assert.Contains("Group 'left open', 2 running, 0 waiting", message, StringComparison.Ordinal);
        Assert.Contains("Group 'within'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("VirtualTime ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_have_open_is_no_leak()
    {
        await using TaskGroup foreign = TaskGroup.Open(new TaskGroupOptions { Name = "somebody else's" }, CancellationToken.None);
        await VirtualTime.RunAsync(Checked, time => TaskGroup.RunAsync(async group => await group.Run(ct => time.Delay(Hour, ct))), TestToken);
    }

    [Fact]
    public async Task What_another_checked_run_has_open_is_no_leak()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task earlier = VirtualTime.RunAsync(Checked, async time =>
        {
            await using TaskGroup open = TaskGroup.Open(new TaskGroupOptions { Name = "still open" }, CancellationToken.None);
            opened.SetResult();
            await time.RealTimeAsync(() => end.Task);
        }, TestToken);
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(30), TestToken);
        await VirtualTime.RunAsync(Checked, time => time.Delay(Hour), TestToken);
        end.SetResult();
        await earlier;
    }

    [Fact]
    public async Task A_body_that_throws_at_once_is_no_leak()
    {
        var failure = new IOException();
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => VirtualTime.RunAsync(Checked, Task (time) => throw failure, TestToken)));
    }

    private static async Task<string> LeaksOf(Func<VirtualTime, Task> body)
    {
        var thrown = await Assert.ThrowsAsync<LeakException>(() => VirtualTime.RunAsync(Checked, body, TestToken));
        TestContext.Current.TestOutputHelper?.WriteLine(thrown.Message);
        return thrown.Message;
    }
}
