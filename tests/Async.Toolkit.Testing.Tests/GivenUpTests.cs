using System.Runtime.CompilerServices;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>What becomes of the code that a run has left behind.</summary>
public sealed class GivenUpTests
{
    // As long as a body may need on a busy machine to get where the test wants it to be when the run ends.
    private static readonly VirtualTimeOptions Short = new() { RealTimeLimit = TimeSpan.FromMilliseconds(500) };
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
            Assert.IsAssignableFrom<OperationCanceledException>(Assert.IsType<AggregateException>(thrown).InnerException);
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

    // Taken off the heap already, and then it does not happen any more.
    [Fact]
    public Task A_delay_that_is_about_to_end_is_let_go_too() => Task.Run(async () =>
    {
        var run = new SilentRun();
        Task delay = run.Delay(Hour, CancellationToken.None);
        Assert.Equal(NextStep.Event, run.TakeNext(PoolWatch.RealWorkEnded, run.FlowState, own: 0, out VirtualEvent? next));
        run.Fail(new IOException());
        next!.Happen(ExecutionContext.Capture()!);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delay.WaitAsync(Guard, TestToken));
    }, TestToken);

    [Fact]
    public void A_wait_that_is_let_go_leaves_nothing_with_the_token_of_its_caller()
    {
        using var longLived = new CancellationTokenSource();
        WeakReference<VirtualDelay>[] waits = [LetGo(Hour, longLived.Token), LetGo(Timeout.InfiniteTimeSpan, longLived.Token)];
        Assert.True(SpinWait.SpinUntil(() => Array.TrueForAll(waits, IsCollected), Guard));
    }

    [Fact]
    public async Task A_delay_that_its_run_has_left_behind_still_ends_by_its_token()
    {
        using var cancellation = new CancellationTokenSource();
        Task? delay = null;
        await VirtualTime.RunAsync(time =>
        {
            delay = time.Delay(Hour, cancellation.Token);
            return Task.CompletedTask;
        }, TestToken);
        Assert.False(delay!.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delay.WaitAsync(Guard, TestToken));
    }

    // What fails unobserved ends up in the logs of whoever runs the tests.
    [Fact]
    public Task All_that_waits_for_several_delays_is_canceled_not_failed() => Task.Run(async () =>
    {
        var run = new SilentRun();
        Task all = Task.WhenAll(run.Delay(Hour, CancellationToken.None), run.Delay(2 * Hour, CancellationToken.None));
        run.Fail(new IOException());
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all.WaitAsync(Guard, TestToken));
        Assert.Contains("given up", thrown.Message, StringComparison.Ordinal);
        Assert.True(all.IsCanceled);
    }, TestToken);

    // By itself, so that nothing of it is left on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<VirtualDelay> LetGo(TimeSpan delay, CancellationToken cancellationToken)
    {
        var run = new SilentRun();
        run.EnterRealTime(); // any thread may wait then
        var wait = new WeakReference<VirtualDelay>((VirtualDelay)run.Delay(delay, cancellationToken).AsyncState!);
        run.Fail(new IOException());
        return wait;
    }

    private static bool IsCollected(WeakReference<VirtualDelay> wait)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return !wait.TryGetTarget(out _);
    }

    /// <summary>A run that nobody has called for, nor watches.</summary>
    private sealed class SilentRun() : VirtualRun(new VirtualTimeOptions())
    {
        public override string Name => nameof(SilentRun);

        protected override Task? Body => null;

        protected override void GiveBody()
        {
        }

        protected override void GiveFailure(Exception failure)
        {
        }
    }
}
