using System.Threading.Channels;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>A program that waits for ever is told so, and for what.</summary>
public sealed class DeadlockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_waits_for_ever_is_a_deadlock_that_names_its_methods()
    {
        string message = await DeadlockOf(async time =>
        {
            await time.Delay(Hour);
            await OuterAsync();
        });

        Assert.Contains("no timer is pending", message, StringComparison.Ordinal);
        Assert.Contains("Virtual time was 01:00:00, after 1 timer.", message, StringComparison.Ordinal);
        AssertInOrder(
            message,
            "DeadlockTests.A_body_that_waits_for_ever_is_a_deadlock_that_names_its_methods, in a lambda",
            "_names_its_methods.OuterAsync",
            "DeadlockTests.InnerAsync",
            "a task that nobody has completed (TaskCompletionSource)");
        Assert.Contains("RealTimeAsync", message, StringComparison.Ordinal);

        static async Task OuterAsync() => await InnerAsync(1).ConfigureAwait(false);
    }

    [Fact]
    public async Task Value_tasks_sources_and_local_functions_are_named_too()
    {
        async ValueTask<int> LocalAsync() => await Channel.CreateUnbounded<int>().Reader.ReadAsync(TestToken);
        string message = await DeadlockOf(async time => await LocalAsync());
        AssertInOrder(message, "in a lambda", "Value_tasks_sources_and_local_functions_are_named_too.LocalAsync", "System.Threading.Channels.");
    }

    [Fact]
    public async Task A_wait_for_several_tasks_is_named() =>
        AssertInOrder(await DeadlockOf(async time => await Task.WhenAll(new TaskCompletionSource().Task, time.Delay(Hour))), "in a lambda", "Task.WhenAll");

    [Fact]
    public async Task What_a_wait_for_several_tasks_waits_for_is_named()
    {
        static Task FirstAsync() => InnerAsync(1);
        AssertInOrder(
            await DeadlockOf(async time => await Task.WhenAny(FirstAsync(), time.Delay(Timeout.InfiniteTimeSpan))),
            "in a lambda", "  Task.WhenAny", "    DeadlockTests.InnerAsync", "    time.Delay");
        AssertInOrder(
            await DeadlockOf(async time => await Task.WhenAll(InnerAsync(1), Task.FromResult(2))), "  Task.WhenAll", "    DeadlockTests.InnerAsync");
        AssertInOrder(await DeadlockOf(async time => await InnerAsync(1).WaitAsync(Timeout.InfiniteTimeSpan, TestToken)), "in a lambda", "DeadlockTests.InnerAsync");
    }

    [Fact]
    public async Task Streams_and_locks_are_named()
    {
        using var held = new SemaphoreSlim(0);
        AssertInOrder(await DeadlockOf(async time => await held.WaitAsync(TestToken)), "in a lambda", "  SemaphoreSlim.WaitAsync");
        string reading = await DeadlockOf(async time =>
        {
            await foreach (int item in Channel.CreateUnbounded<int>().Reader.ReadAllAsync(TestToken))
            {
            }
        });
        AssertInOrder(reading, "in a lambda", ".ReadAllAsync", "System.Threading.Channels.");
    }

    [Fact]
    public async Task A_clock_that_was_not_passed_is_named()
    {
        const string Hint = ", on a timer of the system's clock: was time.Provider passed?";
        using var never = new CancellationTokenSource();
        using var timed = new CancellationTokenSource(TimeSpan.FromDays(1));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timed.Token);
        using var ticking = new PeriodicTimer(TimeSpan.FromDays(1));
        foreach ((Func<VirtualTime, Task> body, string name) in new (Func<VirtualTime, Task>, string)[]
        {
            (async time => await Task.Delay(TimeSpan.FromDays(1), never.Token), "  Task.Delay"),
            (async time => await InnerAsync(1).WaitAsync(TimeSpan.FromDays(1), never.Token), "  Task.WaitAsync"),
            (async time => await ticking.WaitForNextTickAsync(never.Token), "  PeriodicTimer.WaitForNextTickAsync"),
            (async time => await Task.Delay(Timeout.Infinite, timed.Token), "  Task.Delay"),
            (async time => await time.Delay(Timeout.InfiniteTimeSpan, timed.Token), "  time.Delay"),
        })
        {
            Assert.Contains(name + Hint, await DeadlockOf(body), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Hint, await DeadlockOf(async time => await Task.Delay(Timeout.Infinite, never.Token)), StringComparison.Ordinal);
        await never.CancelAsync();
    }

    [Fact]
    public async Task A_body_without_a_method_of_its_own_is_named() =>
        Assert.Contains("TaskCompletionSource", await DeadlockOf(time => new TaskCompletionSource().Task), StringComparison.Ordinal);

    [Fact]
    public async Task A_semaphore_that_nobody_releases_is_a_deadlock()
    {
        using var printers = new AsyncSemaphore(1);
        string message = await DeadlockOf(async time =>
        {
            using AsyncSemaphore.Permit mine = await printers.AcquireAsync(TestToken);
            using AsyncSemaphore.Permit other = await printers.AcquireAsync(TestToken);
        });
        AssertInOrder(message, "in a lambda", "Async.Toolkit.Limiting.");
    }

    [Fact]
    public async Task A_group_whose_child_waits_for_ever_is_drawn()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string message = await DeadlockOf(time => TaskGroup.RunAsync(new TaskGroupOptions { Name = "the stuck one" }, async group => await group.Run(_ => end.Task)));
        end.SetResult();
        AssertInOrder(message, "Alive in this process, of this run or of others:", "group 'the stuck one'", "end.Task");
    }

    [Fact]
    public async Task Real_work_outside_of_its_section_is_a_deadlock()
    {
        using var never = new CancellationTokenSource();
        await DeadlockOf(time => Task.Delay(TimeSpan.FromDays(1), TimeProvider.System, never.Token));
        await never.CancelAsync();
    }

    [Fact]
    public async Task Timers_that_tick_to_the_end_of_the_calendar_do_not_help()
    {
        var late = new VirtualTimeOptions { StartTime = DateTimeOffset.MaxValue - 10 * Hour };
        string message = await DeadlockOf(
            async time =>
            {
                using ITimer ticking = time.Provider.CreateTimer(static _ => { }, null, Hour, Hour);
                await new TaskCompletionSource().Task;
            },
            late);
        Assert.Contains("the calendar ends", message, StringComparison.Ordinal);
        Assert.Contains("Virtual time was 10:00:00, after 10 timers.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadlock_beside_other_runs_is_the_business_of_one_run()
    {
        Task<int> other = VirtualTime.RunAsync(async time =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                await time.Delay(Hour);
            }

            return 7;
        }, TestToken);
        await DeadlockOf(time => new TaskCompletionSource().Task);
        Assert.Equal(7, await other);
    }

    [Fact]
    public async Task The_failure_of_a_body_that_was_left_behind_goes_to_nobody()
    {
        // The whole test run fails at its end should it be reported as unobserved.
        var late = new TaskCompletionSource();
        await DeadlockOf(async time =>
        {
            await late.Task;
            throw new IOException("too late");
        });
        late.SetResult();
    }

    private static async Task<int> InnerAsync(int value)
    {
        await new TaskCompletionSource().Task;
        return value;
    }

    private static async Task<string> DeadlockOf(Func<VirtualTime, Task> body, VirtualTimeOptions? options = null)
    {
        var thrown = await Assert.ThrowsAsync<VirtualTimeDeadlockException>(() => VirtualTime.RunAsync(options ?? new(), body, TestToken));
        TestContext.Current.TestOutputHelper?.WriteLine(thrown.Message);
        return thrown.Message;
    }

    private static void AssertInOrder(string text, params string[] parts)
    {
        int from = 0;
        foreach (string part in parts)
        {
            int at = text.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{part}' is missing, or comes too early, in: {text}");
            from = at + part.Length;
        }
    }
}
