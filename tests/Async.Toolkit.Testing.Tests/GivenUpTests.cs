using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>What becomes of the code that a run has left behind.</summary>
public sealed class GivenUpTests
{
    private static readonly VirtualTimeOptions Short = new() { RealTimeLimit = TimeSpan.FromMilliseconds(50) };
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thread_that_blocks_for_the_clock_is_let_go()
    {
        var waits = new Func<VirtualTime, Task>[]
        {
            static time => time.Delay(Hour),
            static time => time.Delay(Timeout.InfiniteTimeSpan),
            static time => time.AdvanceAsync(Hour),
            static time => time.SettleAsync(),
        };
        foreach (Func<VirtualTime, Task> wait in waits)
        {
            var let = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
            await Assert.ThrowsAsync<RealTimeLimitException>(() => VirtualTime.RunAsync(Short, time =>
            {
                let.SetResult(Record.Exception(() => wait(time).Wait(Guard)));
                return Task.CompletedTask;
            }, TestToken));
            Exception? thrown = await let.Task.WaitAsync(Guard, TestToken);
            Assert.Contains("given up", Assert.IsType<OperationCanceledException>(Assert.IsType<AggregateException>(thrown).InnerException).Message, StringComparison.Ordinal);
        }
    }

    // The continuations run on the pool, and none of them in front of the others.
    [Fact]
    public async Task All_that_waits_for_the_clock_is_let_go_on_the_pool_when_the_run_is_canceled()
    {
        using var cancellation = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new List<Task<bool>>();
        async Task<bool> WaitAsync(Task wait, bool blocks)
        {
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            bool isOnPool = Thread.CurrentThread.IsThreadPoolThread;
            if (blocks)
            {
                never.Wait(Guard);
            }

            return isOnPool;
        }

        Task run = VirtualTime.RunAsync(async time =>
        {
            seen.Add(WaitAsync(time.Delay(Hour), blocks: true));
            seen.Add(WaitAsync(time.Delay(2 * Hour), blocks: false));
            begun.SetResult();
            await time.RealTimeAsync(static () => new TaskCompletionSource().Task);
        }, cancellation.Token);
        await begun.Task.WaitAsync(Guard, TestToken);
        new Thread(cancellation.Cancel).Start();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        Assert.True(await seen[1].WaitAsync(Guard, TestToken));
        never.Set();
        Assert.True(await seen[0].WaitAsync(Guard, TestToken));
    }

    [Fact]
    public async Task An_earlier_run_that_still_runs_is_named()
    {
        using var release = new ManualResetEventSlim();
        await Assert.ThrowsAsync<RealTimeLimitException>(() => VirtualTime.RunAsync(Short, BlockAsync, TestToken));
        var thrown = await Assert.ThrowsAsync<RealTimeLimitException>(() => VirtualTime.RunAsync(
            Short, time => time.RealTimeAsync(static () => new TaskCompletionSource().Task), TestToken));
        release.Set();
        Assert.Contains("an earlier run that was given up, GivenUpTests.An_earlier_run_that_still_runs_is_named.BlockAsync, still runs", thrown.Message, StringComparison.Ordinal);

        async Task BlockAsync(VirtualTime time)
        {
            await Task.Yield();
            release.Wait(Guard);
        }
    }
}
