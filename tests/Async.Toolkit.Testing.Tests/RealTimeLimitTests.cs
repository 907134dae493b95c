using System.Text.RegularExpressions;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>What hangs for real ends, and says what was seen of it.</summary>
public sealed class RealTimeLimitTests
{
    // As long as a body may need on a busy machine to get where the test wants it to be when the run ends.
    private static readonly VirtualTimeOptions Short = new() { RealTimeLimit = TimeSpan.FromMilliseconds(500) };
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_blocks_its_thread_is_ended_and_said_to_have_begun_nothing()
    {
        using var release = new ManualResetEventSlim();
        string message = await LimitOf(time =>
        {
            release.Wait(TestToken);
            return Task.CompletedTask;
        });
        release.Set();
        Assert.Contains($"real-time limit of {Short.RealTimeLimit}", message, StringComparison.Ordinal);
        Assert.Contains("busy", message, StringComparison.Ordinal);
        Assert.Contains("blocks its thread", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_blocks_the_pool_while_it_waits_for_the_clock_is_told_of_both()
    {
        using var release = new ManualResetEventSlim();
        string message = await LimitOf(async time =>
        {
            using ITimer ticking = time.Provider.CreateTimer(static _ => { }, null, Hour, 2 * Hour);
            Task blocked = Task.Run(() => release.Wait(TestToken), TestToken);
            await time.Delay(3 * Hour);
            await blocked;
        });
        release.Set();
        Assert.Contains("Virtual time was 00:00:00, after 0 timers", message, StringComparison.Ordinal);
        Assert.Contains("RealTimeLimitTests timer, due in 01:00:00, every 02:00:00", message, StringComparison.Ordinal);
        Assert.Contains("due in 03:00:00", message, StringComparison.Ordinal);
        Assert.Contains(nameof(A_body_that_blocks_the_pool_while_it_waits_for_the_clock_is_told_of_both), message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Real_work_that_does_not_end_is_ended_and_named()
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string message = await LimitOf(time => time.RealTimeAsync(() => never.Task));
        never.SetResult();
        Assert.Contains("open RealTimeAsync sections: 1", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Whoever has called", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_blocks_its_thread_of_the_pool_is_named()
    {
        string message = await Task.Run(
            () => Assert.Throws<RealTimeLimitException>(() => VirtualTime.RunAsync(Short, time => time.Delay(Hour), TestToken).GetAwaiter().GetResult()).Message,
            TestToken);
        Assert.Contains("Whoever has called for the run still works, or blocks", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_for_the_clock_inside_of_real_work_is_named()
    {
        string message = await LimitOf(time => time.RealTimeAsync(() => time.Delay(Hour)));
        Assert.Contains("The clock stands still while a section is open", message, StringComparison.Ordinal);
        Assert.Contains("time.Delay, due in 01:00:00", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_has_ended_is_said_to_have()
    {
        using var release = new ManualResetEventSlim();
        string message = await LimitOf(
            time =>
            {
                _ = Task.Run(() => release.Wait(TestToken), TestToken);
                return Task.CompletedTask;
            },
            new VirtualTimeOptions { RealTimeLimit = Short.RealTimeLimit, CheckForLeaks = true });
        release.Set();
        Assert.Contains("The body has ended; the run ends when nothing can run any more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_never_comes_to_its_end_is_said_to_have_moved()
    {
        string message = await LimitAfterTimers("[0-9]{4,}", async time =>
        {
            while (true)
            {
                await time.Delay(Hour);
            }
        });
        Assert.Contains("The clock kept moving", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_ticks_for_ever_is_ended()
    {
        string message = await LimitOf(async time =>
        {
            using var ticking = new PeriodicTimer(TimeSpan.FromMilliseconds(1), time.Provider);
            while (await ticking.WaitForNextTickAsync(TestToken))
            {
            }
        });
        Assert.Contains("PeriodicTimer", message, StringComparison.Ordinal);
        Assert.DoesNotContain("since the clock last moved", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_that_is_always_due_is_ended_and_named()
    {
        string message = await LimitAfterTimers("[2-9]|[1-9][0-9]+", async time =>
        {
            ITimer? always = null;
            always = time.Provider.CreateTimer(_ => always!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            always.Change(Hour, Timeout.InfiniteTimeSpan);
            await time.Delay(2 * Hour);
        });
        Assert.Contains("Virtual time was 01:00:00", message, StringComparison.Ordinal);
        Assert.Contains(" timers have fired since the clock last moved", message, StringComparison.Ordinal);
        Assert.Matches("  RealTimeLimitTests timer, (due in 00:00:00|whose callback has not ended)", message);
    }

    [Fact]
    public async Task A_callback_that_does_not_end_is_ended_and_named()
    {
        var release = new TaskCompletionSource();
        string message = await LimitAfterTimers(
            "1",
            async time =>
            {
                Task end = (release = new TaskCompletionSource()).Task;
                using ITimer timer = time.Provider.CreateTimer(_ => end.Wait(TestToken), null, Hour, Timeout.InfiniteTimeSpan);
                await time.Delay(2 * Hour);
            },
            () => release.TrySetResult());
        Assert.Contains("  RealTimeLimitTests timer, whose callback has not ended", message, StringComparison.Ordinal);
    }

    // A source disposes of its timer before it calls anybody.
    [Fact]
    public async Task A_callback_of_a_timed_cancellation_that_does_not_end_is_named_too()
    {
        var release = new TaskCompletionSource();
        string message = await LimitAfterTimers(
            "1",
            async time =>
            {
                Task end = (release = new TaskCompletionSource()).Task;
                using var timed = new CancellationTokenSource(Hour, time.Provider);
                using CancellationTokenRegistration blocks = timed.Token.Register(() => end.Wait(TestToken));
                await time.Delay(2 * Hour);
            },
            () => release.TrySetResult());
        Assert.Contains("  CancellationTokenSource timer, whose callback has not ended", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_hops_for_ever_is_ended_and_hops_no_more_once_it_asks_the_clock()
    {
        var refused = new TaskCompletionSource<InvalidOperationException>(TaskCreationOptions.RunContinuationsAsynchronously);
        VirtualTime? kept = null;
        int stop = 0;
        await LimitOf(async time =>
        {
            kept = time;
            while (Volatile.Read(ref stop) == 0)
            {
                await Task.Yield();
            }

            try
            {
                await time.Delay(Hour);
            }
            catch (InvalidOperationException thrown)
            {
                refused.SetResult(thrown);
            }
        });
        Volatile.Write(ref stop, 1);
        Assert.Contains("has ended", (await refused.Task.WaitAsync(TimeSpan.FromSeconds(30), TestToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_blocks_a_thread_of_the_pool_for_virtual_time_says_so_in_time()
    {
        using var release = new CancellationTokenSource();
        string message = await LimitOf(time =>
        {
            try
            {
                time.Delay(Hour).Wait(release.Token);
            }
            catch (OperationCanceledException)
            {
                // The end of the test.
            }

            return Task.CompletedTask;
        });
        await release.CancelAsync();
        Assert.Contains(".Wait()", message, StringComparison.Ordinal);
    }

    // Beside tests that keep the pool busy a run may come to nothing in its time: as many as it takes until so many timers of one have fired.
    private static async Task<string> LimitAfterTimers(string count, Func<VirtualTime, Task> body, Action? afterEach = null)
    {
        string message;
        do
        {
            message = await LimitOf(body);
            afterEach?.Invoke();
        }
        while (!Regex.IsMatch(message, $@"after ({count}) timers?\."));
        return message;
    }

    private static async Task<string> LimitOf(Func<VirtualTime, Task> body, VirtualTimeOptions? options = null)
    {
        var thrown = await Assert.ThrowsAsync<RealTimeLimitException>(() => VirtualTime.RunAsync(options ?? Short, body, TestToken));
        TestContext.Current.TestOutputHelper?.WriteLine(thrown.Message);
        return thrown.Message;
    }
}
