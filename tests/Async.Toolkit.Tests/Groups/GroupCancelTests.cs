using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Cancellation by the caller and by <see cref="TaskGroup.Cancel"/>; what was cancelled, by whom.</summary>
public sealed class GroupCancelTests
{
    [Fact]
    public async Task The_callers_cancellation_cancels_and_awaits_the_children_and_carries_the_callers_token()
    {
        using var caller = new CancellationTokenSource();
        var started = new Gate();
        var canceled = new Gate();
        var release = new Gate();
        TaskGroup? kept = null;
        Task<int> run = TaskGroup.RunAsync(async group =>
        {
            kept = group;
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                canceled.Open();
                await release.Opened;
                ct.ThrowIfCancellationRequested();
            });
            await group.CancellationToken.UntilCanceled();
            return 1;
        }, caller.Token);

        await started.Reached();
        await caller.CancelAsync();
        await canceled.Reached();
        Assert.False(run.IsCompleted);
        release.Open();
        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        Assert.Equal(CancellationReason.Caller, kept!.CancellationReason);
    }

    [Fact]
    public async Task A_token_that_is_canceled_already_starts_nothing()
    {
        bool called = false;
        var canceled = new CancellationToken(canceled: true);
        ValueTask Body(TaskGroup group)
        {
            called = true;
            return default;
        }

        Task run = TaskGroup.RunAsync(Body, canceled);
        Assert.True(run.IsCanceled);
        Assert.Equal(canceled, (await run.Cancellation()).CancellationToken);
        Assert.False(called);
    }

    [Fact]
    public async Task A_child_that_listens_to_the_callers_token_directly_is_canceled_and_no_failure()
    {
        for (int i = 0; i < 100; i++)
        {
            using var caller = new CancellationTokenSource();
            var started = new Gate();
            Task run = TaskGroup.RunAsync(group =>
            {
                group.Start(async _ =>
                {
                    // Registered after the group's own registration, so it is called before it.
                    var wait = new TaskCompletionSource();
                    using CancellationTokenRegistration registration = caller.Token.Register(() => wait.SetCanceled(caller.Token));
                    started.Open();
                    await wait.Task;
                });
                return ValueTask.CompletedTask;
            }, caller.Token);
            await started.Reached();

            // On a thread without a context the child ends inside the call, before the group's own registration is reached.
            await Task.Run(caller.Cancel, CancellationToken.None);
            Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        }
    }

    [Fact]
    public async Task Running_while_cancelling_never_calls_the_delegate_and_gives_a_canceled_task()
    {
        bool called = false;
        await TaskGroup.RunAsync(group =>
        {
            group.Cancel();
            Task<int> refused = group.Run(_ =>
            {
                called = true;
                return new ValueTask<int>(1);
            });
            Assert.True(refused.IsCanceled);
            group.Start(_ =>
            {
                called = true;
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.False(called);
    }

    [Theory]
    [InlineData("body")]
    [InlineData("child")]
    [InlineData("outside")]
    public async Task Cancel_cancels_and_awaits_the_children_and_the_group_ends_with_the_bodys_result(string from)
    {
        var started = new Gate();
        var canceled = new Gate();
        var release = new Gate();
        var kept = new TaskCompletionSource<TaskGroup>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> run = TaskGroup.RunAsync(async group =>
        {
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                canceled.Open();
                await release.Opened;
                ct.ThrowIfCancellationRequested();
            });
            await started.Opened;
            switch (from)
            {
                case "body":
                    group.Cancel();
                    break;
                case "child":
                    group.Start(_ =>
                    {
                        group.Cancel();
                        return ValueTask.CompletedTask;
                    });
                    break;
                default:
                    kept.SetResult(group);
                    break;
            }

            return 9;
        });

        if (from == "outside")
        {
            (await kept.Task.Guarded()).Cancel();
        }

        await canceled.Reached();
        Assert.False(run.IsCompleted);
        release.Open();
        Assert.Equal(9, await run.Guarded());
    }

    [Fact]
    public async Task A_body_that_went_along_with_cancel_completes_without_a_result_type()
    {
        CancellationReason reason = default;
        await TaskGroup.RunAsync(async group =>
        {
            group.Cancel();
            reason = group.CancellationReason;
            await group.CancellationToken.UntilCanceled();
        }).Guarded();

        Assert.Equal(CancellationReason.Requested, reason);
    }

    [Fact]
    public async Task A_body_that_went_along_with_cancel_is_canceled_with_the_groups_token_where_a_result_is_due()
    {
        CancellationToken token = default;
        Task<int> run = TaskGroup.RunAsync(async group =>
        {
            token = group.CancellationToken;
            group.Cancel();
            await token.UntilCanceled();
            return 1;
        });

        Assert.Equal(token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task Cancel_runs_the_callbacks_on_its_own_thread_before_it_returns()
    {
        int callback = 0;
        await TaskGroup.RunAsync(group =>
        {
            group.CancellationToken.Register(() => callback = Environment.CurrentManagedThreadId);
            group.Cancel();
            Assert.Equal(Environment.CurrentManagedThreadId, callback);
            group.Cancel();
            return ValueTask.CompletedTask;
        }).Guarded();
    }

    [Fact]
    public async Task A_callback_that_throws_the_cancellation_itself_fails_nobody() =>
        Assert.Equal(1, await TaskGroup.RunAsync(
            static group =>
            {
                group.CancellationToken.Register(() => group.CancellationToken.ThrowIfCancellationRequested());
                group.Cancel();
                return Task.FromResult(1);
            },
            TestContext.Current.CancellationToken).Guarded());

    [Fact]
    public async Task The_callers_cancellation_runs_the_callbacks_on_the_pool_and_not_on_the_canceling_thread()
    {
        using var caller = new CancellationTokenSource();
        Thread? callback = null;
        var called = new Gate();
        Task run = TaskGroup.RunAsync(async group =>
        {
            group.CancellationToken.Register(() =>
            {
                callback = Thread.CurrentThread;
                called.Open();
            });
            await called.Opened;
        }, caller.Token);
        var canceling = new Thread(caller.Cancel);
        canceling.Start();
        canceling.Join();
        await run.Guarded();
        Assert.NotSame(canceling, callback);
        Assert.True(callback!.IsThreadPoolThread);
    }

    [Fact]
    public async Task The_first_reason_wins()
    {
        using var caller = new CancellationTokenSource();
        Task<int> run = TaskGroup.RunAsync(async group =>
        {
            group.Cancel();
            await caller.CancelAsync();
            Assert.Equal(CancellationReason.Requested, group.CancellationReason);
            group.Start(_ => ValueTask.CompletedTask);
            return 3;
        }, caller.Token);

        Assert.Equal(3, await run.Guarded());
    }

    [Fact]
    public async Task Cancel_after_the_end_does_nothing()
    {
        TaskGroup? kept = null;
        await TaskGroup.RunAsync(group =>
        {
            kept = group;
            return ValueTask.CompletedTask;
        }).Guarded();
        kept!.Cancel();
        Assert.Equal(CancellationReason.None, kept.CancellationReason);
        Assert.False(kept.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public async Task A_child_that_ends_with_the_cancellation_is_canceled_and_no_failure()
    {
        var started = new Gate();
        Task? child = null;
        await TaskGroup.RunAsync(async group =>
        {
            child = group.Run(async ct =>
            {
                started.Open();
                await ct.UntilCanceled();
            });
            await started.Opened;
            group.Cancel();
        }).Guarded();

        await child!.Cancellation();
    }

    [Fact]
    public async Task The_group_ends_only_after_the_callbacks_of_its_cancellation()
    {
        using var caller = new CancellationTokenSource();
        var inCallback = new Gate();
        using var release = new ManualResetEventSlim();
        Task run = TaskGroup.RunAsync(async group =>
        {
            group.CancellationToken.Register(() =>
            {
                inCallback.Open();
                release.Wait(TimeSpan.FromSeconds(60));
            });
            await caller.CancelAsync();
            await inCallback.Opened;
        }, caller.Token);
        await inCallback.Reached();
        await Task.Yield();
        Assert.False(run.IsCompleted);
        release.Set();
        await run.Guarded();
    }

    [Fact]
    public async Task Whoever_cancels_the_callers_token_need_not_drop_what_waits()
    {
        const string Name = nameof(Whoever_cancels_the_callers_token_need_not_drop_what_waits);
        Thread? dropper = null;
        using var metrics = new MetricRecorder
        {
            OnMeasured = measured =>
            {
                if (measured.Instrument == "async_toolkit.child.canceled" && Name.Equals(measured.Tags.GetValueOrDefault("async_toolkit.group.name")))
                {
                    dropper = Thread.CurrentThread;
                }
            },
        };
        using var caller = new CancellationTokenSource();
        var release = new Gate();
        Task? waits = null;
        Task run = TaskGroup.RunAsync(
            new() { Name = Name, MaxConcurrency = 1 },
            group =>
            {
                group.Start(_ => release.Opened);
                waits = group.Run(_ => ValueTask.CompletedTask);
                return ValueTask.CompletedTask;
            },
            caller.Token);
        var canceler = new Thread(caller.Cancel);
        canceler.Start();
        canceler.Join();
        await waits!.Cancellation();
        release.Open();
        await run.Ended();

        Assert.NotNull(dropper);
        Assert.NotSame(canceler, dropper);
    }
}
