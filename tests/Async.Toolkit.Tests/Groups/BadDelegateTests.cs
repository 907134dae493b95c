using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Delegates, handlers and callbacks that misbehave.</summary>
public sealed class BadDelegateTests
{
    public static TheoryData<string> Strikes => ["body fails", "child fails", "caller cancels", "timeout", "Cancel()", "dispose"];

    public static TheoryData<FailurePolicy> Policies => [.. Enum.GetValues<FailurePolicy>()];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_returns_null_fails(bool start)
    {
        Task run = TaskGroup.RunAsync(group =>
        {
            if (start)
            {
                group.Start(_ => (Task)null!);
            }
            else
            {
                _ = group.Run(_ => (Task<int>)null!);
            }

            return ValueTask.CompletedTask;
        });

        Assert.Contains("null", Assert.IsType<InvalidOperationException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_returns_null_fails()
    {
        Assert.Contains("null", Assert.IsType<InvalidOperationException>(await TaskGroup.RunAsync(_ => (Task)null!).OnlyFailure()).Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(await TaskGroup.RunAsync(_ => (Task<int>)null!).OnlyFailure());
    }

    [Fact]
    public async Task A_body_that_throws_before_its_first_await_fails_the_task_and_not_the_call()
    {
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(new Func<TaskGroup, ValueTask>(_ => throw failure));
        Assert.Same(failure, await run.OnlyFailure());
        run = TaskGroup.RunAsync(new Func<TaskGroup, Task<int>>(_ => throw failure));
        Assert.Same(failure, await run.OnlyFailure());
    }

    [Theory]
    [MemberData(nameof(Strikes))]
    public async Task A_cancel_callback_that_throws_is_one_more_failure_and_keeps_nothing_from_ending(string strike)
    {
        var first = new IOException("first");
        var callback = new InvalidTimeZoneException("callback");
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        using var caller = new CancellationTokenSource();
        var canceled = new Gate();
        var ready = new Gate(2);
        bool others = false;
        TaskGroup group = TaskGroup.Open(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock, Logger = logger }, caller.Token);
        group.CancellationToken.Register(() => others = true);
        group.CancellationToken.Register(() => throw callback);
        group.Start(async ct =>
        {
            ready.Open();
            await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
            canceled.Open();
        });
        ready.Open();
        await ready.Reached();

        switch (strike)
        {
            case "body fails":
                Task nested = TaskGroup.RunAsync(async body =>
                {
                    body.CancellationToken.Register(() => throw callback);
                    await Task.Yield();
                    throw first;
                });
                Assert.Equal([first, callback], await nested.Failures());
                group.Cancel();
                break;
            case "child fails":
                group.Start(_ => throw first);
                break;
            case "caller cancels":
                caller.Cancel();
                break;
            case "timeout":
                clock.Advance(TimeSpan.FromSeconds(1));
                break;
            case "Cancel()":
                group.Cancel();
                break;
            default:
                await group.DisposeAsync().AsTask().Guarded();
                Assert.Equal([callback], Assert.IsType<AggregateException>(Assert.Single(logger.Of(4)).Exception).InnerExceptions);
                Assert.True(others);
                return;
        }

        await canceled.Reached();
        IReadOnlyList<Exception> failures = await group.JoinAsync().Failures();
        Assert.True(others);
        Assert.Equal(strike == "child fails" ? [first, callback] : [callback], failures.Where(failure => failure is not TimeoutException));
        await group.DisposeAsync();
    }

    [Fact]
    public async Task A_cancel_callback_on_a_childs_own_token_that_throws_is_one_more_failure()
    {
        var callback = new InvalidTimeZoneException("callback");
        using var own = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            group.Start(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                ct.Register(() => throw callback);
                started.Open();
                await ct.UntilCanceled();
            });
            await started.Opened;
            group.Cancel();
        });

        Assert.Same(callback, await run.OnlyFailure());
    }

    [Fact]
    public async Task Cancel_itself_does_not_throw_what_a_callback_throws()
    {
        var callback = new InvalidTimeZoneException();
        Exception? atCancel = null;
        Task run = TaskGroup.RunAsync(group =>
        {
            group.CancellationToken.Register(() => throw callback);
            atCancel = Record.Exception(group.Cancel);
            return ValueTask.CompletedTask;
        });
        Assert.Same(callback, await run.OnlyFailure());
        Assert.Null(atCancel);
    }

    [Fact]
    public async Task A_handler_that_throws_is_one_more_failure_after_the_childs_and_cancels_as_the_body_would()
    {
        var failure = new IOException();
        var broken = new FormatException();
        var canceled = new Gate();
        Task? handle = null;
        Task run = TaskGroup.RunAsync(new() { ChildFailed = _ => throw broken }, async group =>
        {
            var started = new Gate();
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                canceled.Open();
            });
            await started.Opened;
            handle = group.Run(_ => throw failure);
        });

        Assert.Equal([failure, broken], await run.Failures());
        Assert.Same(failure, await handle!.OnlyFailure());
        Assert.True(canceled.IsOpen);
    }

    [Fact]
    public async Task A_handler_that_throws_cancels_nobody_when_waiting_for_all()
    {
        var failure = new IOException();
        var broken = new FormatException();
        CancellationReason reason = default;
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll, ChildFailed = _ => throw broken }, async group =>
        {
            await group.Run(_ => throw failure).Ended();
            reason = group.CancellationReason;
        });

        Assert.Equal([failure, broken], await run.Failures());
        Assert.Equal(CancellationReason.None, reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_throws_in_an_isolated_group_cancels_and_fails_it_as_the_body_would(bool start)
    {
        var failure = new IOException();
        var broken = new FormatException();
        Task? handle = null;
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate, ChildFailed = _ => throw broken }, async group =>
        {
            if (start)
            {
                group.Start(_ => throw failure);
            }
            else
            {
                handle = group.Run(_ => throw failure);
            }

            await group.CancellationToken.UntilCanceled();
        });

        Assert.Contains(broken, await run.Failures());
        if (handle is not null)
        {
            Assert.Same(failure, await handle.OnlyFailure());
        }
    }

    [Fact]
    public async Task A_failure_that_only_a_broken_handler_saw_is_not_lost()
    {
        var failure = new IOException();
        var broken = new FormatException();
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate, ChildFailed = _ => throw broken }, group =>
        {
            group.Start(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        Assert.Equal([failure, broken], await run.Failures());
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task A_handler_that_throws_the_childs_own_failure_adds_nothing(FailurePolicy policy)
    {
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = policy, ChildFailed = child => throw child.Exception }, group =>
        {
            group.Start(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task A_clock_that_gives_no_timer_leaves_nothing_on_the_callers_token()
    {
        using var caller = new CancellationTokenSource();
        WeakReference options = FailToStart(caller.Token);
        Assert.True(await options.IsCollected());

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference FailToStart(CancellationToken token)
        {
            var options = new TaskGroupOptions { Timeout = TimeSpan.FromHours(1), TimeProvider = new BrokenTime() };
            Assert.ThrowsAny<NotSupportedException>(() => { _ = TaskGroup.RunAsync(options, _ => ValueTask.CompletedTask, token); });
            return new WeakReference(options);
        }
    }

    [Fact]
    public async Task A_timer_whose_Dispose_throws_is_one_more_failure_and_keeps_nothing_from_ending()
    {
        var first = new IOException("first");
        var options = new TaskGroupOptions { Timeout = TimeSpan.FromHours(1), TimeProvider = new BrokenTimerTime() };
        Task run = TaskGroup.RunAsync(options, async group =>
        {
            await Task.Yield();
            throw first;
        });

        IReadOnlyList<Exception> failures = await run.Failures();
        Assert.Same(first, failures[0]);
        Assert.IsType<NotSupportedException>(failures[1]);
        Assert.Equal(2, failures.Count);
    }
}
