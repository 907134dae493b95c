using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>How a run ends.</summary>
public sealed class OutcomeTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bodies_of_every_shape_give_their_results()
    {
        var options = new VirtualTimeOptions();
        Assert.Equal(1, await VirtualTime.RunAsync(time => Task.FromResult(1), TestToken));
        Assert.Equal(2, await VirtualTime.RunAsync(time => new ValueTask<int>(2), TestToken));
        Assert.Equal(3, await VirtualTime.RunAsync(options, time => Task.FromResult(3), TestToken));
        Assert.Equal(4, await VirtualTime.RunAsync(options, time => new ValueTask<int>(4), TestToken));
        Assert.Equal(5, await VirtualTime.RunAsync(new() { CheckForLeaks = true }, async time =>
        {
            await time.Delay(Hour);
            return 5;
        }));
        await VirtualTime.RunAsync(time => time.Delay(Hour));
        await VirtualTime.RunAsync(time => new ValueTask(time.Delay(Hour)));
        await VirtualTime.RunAsync(options, time => time.Delay(Hour));
        await VirtualTime.RunAsync(options, time => new ValueTask(time.Delay(Hour)));
    }

    [Fact]
    public async Task The_body_runs_on_the_pool_without_a_context_and_with_the_callers_values()
    {
        var local = new AsyncLocal<string> { Value = "mine" };
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        Task<(string, bool, bool)> run;
        try
        {
            run = VirtualTime.RunAsync(time => Task.FromResult((local.Value ?? "none", SynchronizationContext.Current is null, Thread.CurrentThread.IsThreadPoolThread)), TestToken);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        Assert.Equal(("mine", true, true), await run);
    }

    [Fact]
    public async Task A_failure_is_the_bodys_own_with_its_stack()
    {
        static async Task FailDeepDown(VirtualTime time)
        {
            await time.Delay(Hour);
            throw new IOException("deep down");
        }

        var thrown = await Assert.ThrowsAsync<IOException>(() => VirtualTime.RunAsync(FailDeepDown, TestToken));
        Assert.Contains(nameof(FailDeepDown), thrown.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_failures_of_the_body_are_in_the_task()
    {
        Exception[] failures = [new IOException(), new InvalidDataException()];
        Task run = VirtualTime.RunAsync(time => Task.WhenAll(failures.Select(Task.FromException)), TestToken);
        await run.ContinueWith(static _ => { }, TestToken, TaskContinuationOptions.None, TaskScheduler.Default).WaitAsync(Guard, TestToken);
        Assert.Equal(failures, run.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task A_body_that_throws_before_its_first_await_fails_the_run()
    {
        var failure = new IOException();
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => VirtualTime.RunAsync(Task (time) => throw failure, TestToken)));
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => VirtualTime.RunAsync(ValueTask<int> (time) => throw failure, TestToken)));
    }

    [Fact]
    public async Task A_canceled_body_is_a_canceled_run_with_the_same_token()
    {
        using var cancellation = new CancellationTokenSource();
        Task run = VirtualTime.RunAsync(async time =>
        {
            cancellation.CancelAfter(TimeSpan.Zero);
            cancellation.Cancel();
            await time.Delay(Hour, cancellation.Token);
        }, TestToken);
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Guard, TestToken));
        Assert.True(run.IsCanceled);
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task A_callback_that_throws_fails_the_run_as_it_would_end_a_process()
    {
        var failure = new IOException();
        Task run = VirtualTime.RunAsync(async time =>
        {
            using ITimer timer = time.Provider.CreateTimer(_ => throw failure, null, Hour, Timeout.InfiniteTimeSpan);
            await time.Delay(2 * Hour);
        }, TestToken);
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => run));
    }

    [Fact]
    public async Task A_callback_that_completes_the_body_and_then_throws_still_fails_the_run()
    {
        var failure = new IOException();
        Task run = VirtualTime.RunAsync(async time =>
        {
            // The rest of the body runs inside the callback.
            var end = new TaskCompletionSource();
            using ITimer timer = time.Provider.CreateTimer(_ =>
            {
                end.SetResult();
                throw failure;
            }, null, Hour, Timeout.InfiniteTimeSpan);
            await end.Task;
        }, TestToken);
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => run));
    }

    [Fact]
    public async Task Nobody_resumes_on_the_thread_that_watches()
    {
        bool onThePool = false;
        await VirtualTime.RunAsync(time => time.Delay(Hour), TestToken).ContinueWith(_ => onThePool = Thread.CurrentThread.IsThreadPoolThread, TestToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Assert.True(onThePool);
        await VirtualTime.RunAsync(time => new TaskCompletionSource().Task, TestToken).ContinueWith(ended =>
        {
            _ = ended.Exception;
            onThePool = Thread.CurrentThread.IsThreadPoolThread;
        }, TestToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Assert.True(onThePool);
    }

    [Fact]
    public async Task The_callers_token_ends_the_run_and_nothing_of_it_goes_on()
    {
        using var cancellation = new CancellationTokenSource();
        bool wentOn = false;
        Task run = VirtualTime.RunAsync(async time =>
        {
            await time.Delay(Hour);
            await cancellation.CancelAsync();
            await time.Delay(Hour);
            wentOn = true;
        }, cancellation.Token);
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Guard, TestToken));
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
        Assert.False(wentOn);
    }

    [Fact]
    public async Task A_token_that_is_canceled_already_starts_nothing()
    {
        bool ran = false;
        var canceled = new CancellationToken(canceled: true);
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VirtualTime.RunAsync(time => Task.FromResult(ran = true), canceled));
        Assert.Equal(canceled, thrown.CancellationToken);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_token_that_is_canceled_before_the_pool_has_come_to_the_body_starts_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        bool ran = false;

        // The thread that is to run the body takes over the caller's own values first: exactly then the cancellation comes.
        var values = new AsyncLocal<CancellationTokenSource?>(static change =>
        {
            if (change.ThreadContextChanged)
            {
                change.CurrentValue?.Cancel();
            }
        });
        values.Value = cancellation;
        Task run = VirtualTime.RunAsync(time => Task.FromResult(ran = true), cancellation.Token);
        values.Value = null;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Guard, TestToken));
        await VirtualTime.RunAsync(static time => time.SettleAsync(), TestToken); // whatever had still to run
        Assert.False(ran);
    }

    // From a thread of its own, which is not in the way of a look at the pool, and beside two runs that keep the watch looking.
    [Fact]
    public async Task Runs_that_only_just_begin_are_no_deadlocks()
    {
        using var stop = new CancellationTokenSource();
        Task TickAsync() => VirtualTime.RunAsync(async time =>
        {
            while (!stop.IsCancellationRequested)
            {
                await time.Delay(TimeSpan.FromMilliseconds(1));
            }
        }, TestToken);
        Task ticking = Task.WhenAll(TickAsync(), TickAsync());
        var end = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                int sum = 0;
                for (int i = 0; i < 2_000; i++)
                {
                    sum += VirtualTime.RunAsync(static _ => Task.FromResult(1)).WaitAsync(Guard).GetAwaiter().GetResult();
                }

                end.SetResult(sum);
            }
            catch (Exception failure)
            {
                end.SetException(failure);
            }
        }).Start();

        Assert.Equal(2_000, await end.Task);
        await stop.CancelAsync();
        await ticking;
    }
}
