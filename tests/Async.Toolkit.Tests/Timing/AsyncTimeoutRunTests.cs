using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

public sealed class AsyncTimeoutRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_result_in_time_is_returned_and_the_timer_goes_away()
    {
        var clock = new CountingTime(_clock);
        var gate = new Gate();
        Task<int> run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = clock }, async _ =>
        {
            await gate.Opened;
            return 42;
        }, TestContext.Current.CancellationToken);

        Assert.Equal(1, clock.Alive);
        gate.Open();
        Assert.Equal(42, await run.Guarded());
        Assert.Equal(0, clock.Alive);
    }

    [Fact]
    public async Task After_a_failure_the_timer_is_gone_before_the_caller_goes_on()
    {
        var clock = new CountingTime(_clock);
        var operation = new TaskCompletionSource();
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = clock }, _ => operation.Task, TestContext.Current.CancellationToken);
        Task<int> seen = run.ContinueWith(_ => clock.Alive, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        operation.SetException(new InvalidOperationException());
        Assert.Equal(0, await seen.Guarded());
        await run.OnlyFailure();
    }

    [Fact]
    public async Task A_result_that_is_ready_at_the_instant_of_the_strike_is_kept()
    {
        // No continuation runs inline here: when the limit strikes, the call has not yet seen that the operation is over.
        var operation = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> run = AsyncTimeout.RunAsync(Limited(), _ => operation.Task, TestContext.Current.CancellationToken);

        operation.SetResult(42);
        _clock.Advance(Limit);
        Assert.Equal(42, await run.Guarded());
    }

    [Fact]
    public async Task A_failure_before_the_strike_stands_alone_also_one_thrown_at_once()
    {
        var failure = new InvalidOperationException();
        Assert.Same(failure, await AsyncTimeout.RunAsync(Limited(), async _ => { await Task.Yield(); throw failure; }, TestContext.Current.CancellationToken).OnlyFailure());
        Func<CancellationToken, ValueTask> throws = _ => throw failure;
        Assert.Same(failure, await AsyncTimeout.RunAsync(Limited(), throws, TestContext.Current.CancellationToken).OnlyFailure());
    }

    [Fact]
    public async Task All_failures_of_a_task_are_kept()
    {
        Exception[] all = [new InvalidOperationException(), new ArithmeticException()];
        Task run = AsyncTimeout.RunAsync(Limited(), _ => Task.WhenAll(all.Select(Task.FromException)), TestContext.Current.CancellationToken);
        Assert.Equal(all, await run.Failures());
    }

    [Fact]
    public async Task The_call_returns_only_after_the_callbacks_of_the_strike_have_returned()
    {
        using var hold = new ManualResetEventSlim();
        var inCallback = new Gate();
        var operation = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = AsyncTimeout.RunAsync(Limited(), ct =>
        {
            ct.Register(() =>
            {
                inCallback.Open();
                hold.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            });
            return operation.Task;
        }, TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        await inCallback.Reached();
        operation.SetResult();

        // The operation's end has been seen once its continuation has had the pool to itself.
        await Task.Run(() => { }, TestContext.Current.CancellationToken);
        Assert.False(run.IsCompleted);
        hold.Set();
        await run.Guarded();
    }

    [Fact]
    public async Task The_strike_runs_its_callbacks_on_the_pool()
    {
        bool pool = false;
        Task run = AsyncTimeout.RunAsync(Limited(), ct =>
        {
            ct.Register(() => pool = Thread.CurrentThread.IsThreadPoolThread);
            return ct.UntilCanceled();
        }, TestContext.Current.CancellationToken);

        var advancing = new Thread(() => _clock.Advance(Limit));
        advancing.Start();
        advancing.Join();
        await run.Ended();
        Assert.True(pool);
    }

    [Fact]
    public async Task Zero_starts_nothing()
    {
        bool called = false;
        Task run = AsyncTimeout.RunAsync(TimeSpan.Zero, _ => { called = true; return Task.CompletedTask; }, TestContext.Current.CancellationToken);
        Assert.IsType<TimeoutException>(await run.OnlyFailure());
        Assert.False(called);
    }

    [Fact]
    public async Task Infinite_has_no_timer_and_hands_on_the_callers_own_token()
    {
        var clock = new CountingTime(_clock);
        using var caller = new CancellationTokenSource();
        CancellationToken seen = default;
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { TimeProvider = clock }, async ct =>
        {
            seen = ct;
            await ct.UntilCanceled();
        }, caller.Token);

        Assert.Equal(0, clock.Created);
        Assert.Equal(caller.Token, seen);
        await caller.CancelAsync();
        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public void The_longest_limit_there_is_is_taken()
    {
        using var limit = new AsyncTimeout(TimeSpan.MaxValue);
        Assert.Equal(DateTimeOffset.MaxValue, limit.Deadline);
        Assert.False(limit.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task An_operation_that_completes_synchronously_creates_no_timer()
    {
        var clock = new CountingTime(_clock);
        var options = new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = clock };
        await AsyncTimeout.RunAsync(options, _ => ValueTask.CompletedTask, TestContext.Current.CancellationToken);
        await AsyncTimeout.RunAsync(options, _ => Task.CompletedTask, TestContext.Current.CancellationToken);
        Assert.Equal(42, await AsyncTimeout.RunAsync(options, _ => ValueTask.FromResult(42), TestContext.Current.CancellationToken));
        var own = Task.FromResult("text");
        Assert.Same(own, AsyncTimeout.RunAsync(options, _ => own, TestContext.Current.CancellationToken));
        Assert.Equal(0, clock.Created);
    }

    [Fact]
    public async Task Time_counts_from_the_call_also_while_the_operation_works_on_the_callers_thread()
    {
        Task run = AsyncTimeout.RunAsync(Limited(), async ct =>
        {
            _clock.Advance(Limit);
            await ct.UntilCanceled();
        }, TestContext.Current.CancellationToken);

        Assert.IsType<TimeoutException>(await run.OnlyFailure());
    }

    [Fact]
    public async Task A_token_kept_after_its_call_never_sees_another_calls_strike()
    {
        CancellationToken kept = default;
        await WithReuse(async () =>
        {
            await AsyncTimeout.RunAsync(TimeSpan.FromMinutes(10), async ct => { kept = ct; await Task.Yield(); }, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<TimeoutException>(() => AsyncTimeout.RunAsync(TimeSpan.FromTicks(1), async ct => await ct.UntilCanceled(), TestContext.Current.CancellationToken));
        });
        Assert.False(kept.IsCancellationRequested);
    }

    [Fact]
    public async Task A_shorter_limit_after_a_longer_one_strikes_at_its_own_time_and_a_longer_one_after_a_shorter_one_too()
    {
        await WithReuse(async () =>
        {
            await AsyncTimeout.RunAsync(TimeSpan.FromMinutes(10), async _ => await Task.Yield(), TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<TimeoutException>(() => AsyncTimeout.RunAsync(TimeSpan.FromMilliseconds(1), async ct => await ct.UntilCanceled(), TestContext.Current.CancellationToken));
            await AsyncTimeout.RunAsync(TimeSpan.FromMinutes(10), async _ => await Task.Yield(), TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task A_call_without_a_limit_knows_nothing_of_the_strike_of_the_call_before()
    {
        var foreign = new OperationCanceledException();
        await WithReuse(async () =>
        {
            Assert.Equal(42, await AsyncTimeout.RunAsync(TimeSpan.FromMilliseconds(1), Swallow, TestContext.Current.CancellationToken));
            ChildCanceledException thrown = await Assert.ThrowsAsync<ChildCanceledException>(() => AsyncTimeout.RunAsync(Timeout.InfiniteTimeSpan, Throw, TestContext.Current.CancellationToken));
            Assert.Same(foreign, thrown.InnerException);
        });

        async Task<int> Throw(CancellationToken ct)
        {
            await Task.Yield();
            throw foreign;
        }

        static async Task<int> Swallow(CancellationToken ct)
        {
            await ct.UntilCanceled().Ended();
            return 42;
        }
    }

    [Fact]
    public async Task A_clock_without_timers_fails_the_call_once_the_operation_has_been_canceled_and_has_ended()
    {
        bool ended = false;
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = new BrokenTime() }, async ct =>
        {
            await ct.UntilCanceled().Ended();
            ended = true;
            ct.ThrowIfCancellationRequested();
        }, TestContext.Current.CancellationToken);

        Assert.IsType<NotSupportedException>(await run.OnlyFailure());
        Assert.True(ended);
    }

    [Fact]
    public async Task A_clock_without_timers_fails_the_call_also_where_the_operation_succeeds_all_the_same()
    {
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = new BrokenTime() }, async ct => { await ct.UntilCanceled().Ended(); }, TestContext.Current.CancellationToken);

        Assert.IsType<NotSupportedException>(await run.OnlyFailure());
    }

    [Fact]
    public async Task The_operation_starts_on_the_callers_thread_and_in_its_context()
    {
        int thread = 0;
        Task run = AsyncTimeout.RunAsync(Limit, ct => { thread = Environment.CurrentManagedThreadId; return Task.CompletedTask; }, TestContext.Current.CancellationToken);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        await run;
    }

    // On the pool a call goes on where the call before has left its node and its timer, on the same thread: the next one takes them.
    private static Task WithReuse(Func<Task> calls) => Task.Run(calls, TestContext.Current.CancellationToken).Guarded();

    private AsyncTimeoutOptions Limited() => new() { Timeout = Limit, TimeProvider = _clock };
}
