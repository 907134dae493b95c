using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary><see cref="ChildOptions.CancellationToken"/>: it cancels one child alone, which is no failure.</summary>
public sealed class ChildOptionsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_whose_token_is_canceled_before_never_runs(bool start)
    {
        using var own = new CancellationTokenSource();
        await own.CancelAsync();
        bool called = false;
        Task? handle = null;
        await TaskGroup.RunAsync(group =>
        {
            ValueTask Child(CancellationToken token)
            {
                called = true;
                return default;
            }

            if (start)
            {
                group.Start(new ChildOptions { CancellationToken = own.Token }, Child);
            }
            else
            {
                handle = group.Run(new ChildOptions { CancellationToken = own.Token }, Child);
                Assert.True(handle.IsCanceled);
            }

            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.False(called);
        if (handle is not null)
        {
            Assert.Equal(own.Token, (await handle.Cancellation()).CancellationToken);
        }
    }

    [Fact]
    public async Task A_child_whose_token_is_canceled_while_it_waits_is_canceled_at_once_and_never_runs()
    {
        using var own = new CancellationTokenSource();
        bool called = false;
        bool next = false;
        await TaskGroup.RunAsync(new() { MaxConcurrency = 1 }, async group =>
        {
            var started = new Gate();
            var release = new Gate();
            group.Start(_ =>
            {
                started.Open();
                return release.Opened;
            });
            Task<int> waiting = group.Run(new ChildOptions { CancellationToken = own.Token }, _ =>
            {
                called = true;
                return new ValueTask<int>(1);
            });
            group.Start(_ =>
            {
                next = true;
                return ValueTask.CompletedTask;
            });
            await started.Opened;
            await own.CancelAsync();
            Assert.Equal(own.Token, (await waiting.Cancellation()).CancellationToken);
            release.Open();
        }).Guarded();

        Assert.False(called);
        Assert.True(next);
    }

    [Fact]
    public async Task A_child_whose_token_is_canceled_while_it_runs_is_canceled_alone()
    {
        using var own = new CancellationTokenSource();
        Task<string> run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            Task child = group.Run(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                started.Open();
                await ct.UntilCanceled();
            });
            var release = new Gate();
            Task<string> sibling = group.Run(async ct =>
            {
                await release.Opened;
                ct.ThrowIfCancellationRequested();
                return "untouched";
            });
            await started.Opened;
            await own.CancelAsync();
            Assert.Equal(own.Token, (await child.Cancellation()).CancellationToken);
            Assert.Equal(CancellationReason.None, group.CancellationReason);
            release.Open();
            return await sibling;
        });

        Assert.Equal("untouched", await run.Guarded());
    }

    [Fact]
    public async Task The_childs_token_is_canceled_by_the_group_too()
    {
        using var own = new CancellationTokenSource();
        Task? child = null;
        CancellationToken groupToken = default;
        await TaskGroup.RunAsync(async group =>
        {
            groupToken = group.CancellationToken;
            var started = new Gate();
            child = group.Run(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                Assert.NotEqual(own.Token, ct);
                started.Open();
                await ct.UntilCanceled();
            });
            await started.Opened;
            group.Cancel();
        }).Guarded();

        Assert.Equal(groupToken, (await child!.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task Both_tokens_at_once_cancel_the_child_once()
    {
        for (int i = 0; i < 200; i++)
        {
            using var own = new CancellationTokenSource();
            Task? child = null;
            await TaskGroup.RunAsync(async group =>
            {
                var started = new Gate();
                child = group.Run(new ChildOptions { CancellationToken = own.Token }, async ct =>
                {
                    started.Open();
                    await ct.UntilCanceled();
                });
                await started.Opened;
                Task other = Task.Run(own.Cancel, CancellationToken.None);
                group.Cancel();
                await other;
            }).Guarded();
            await child!.Cancellation();
        }
    }

    [Fact]
    public async Task A_childs_token_that_races_with_its_start_either_cancels_it_or_lets_it_run()
    {
        for (int i = 0; i < 500; i++)
        {
            using var own = new CancellationTokenSource();
            int calls = 0;
            Task<int>? child = null;
            await TaskGroup.RunAsync(async group =>
            {
                Task cancel = Task.Run(own.Cancel, CancellationToken.None);
                child = group.Run(new ChildOptions { CancellationToken = own.Token }, _ =>
                {
                    Interlocked.Increment(ref calls);
                    return new ValueTask<int>(1);
                });
                await cancel;
            }).Guarded();
            await child!.Ended();
            Assert.Equal(child!.IsCanceled ? 0 : 1, calls);
        }
    }

    [Fact]
    public async Task A_failure_of_a_child_whose_token_is_canceled_is_still_a_failure()
    {
        var failure = new IOException();
        using var own = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            group.Start(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                throw failure;
            });
            await started.Opened;
            await own.CancelAsync();
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task A_child_that_succeeds_although_its_token_is_canceled_gives_its_result()
    {
        using var own = new CancellationTokenSource();
        int result = await TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            Task<int> child = group.Run(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                return 3;
            });
            await started.Opened;
            await own.CancelAsync();
            return await child;
        }).Guarded();
        Assert.Equal(3, result);
    }

    [Fact]
    public async Task The_group_ends_only_after_the_callbacks_of_a_childs_own_cancellation()
    {
        using var own = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var inCallback = new Gate();
        var childEnds = new Gate();
        Task? canceling = null;
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            Task child = group.Run(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                // Called last: callbacks run in reverse order.
                ct.Register(() =>
                {
                    inCallback.Open();
                    release.Wait(TimeSpan.FromSeconds(30));
                });
                ct.Register(childEnds.Open);
                started.Open();
                await childEnds.Opened;
            });
            await started.Opened;
            canceling = Task.Run(own.Cancel, CancellationToken.None);
            await inCallback.Opened;
            await child.Ended();
        });

        await inCallback.Reached();
        Task first = await Task.WhenAny(run, Task.Run(SpinAWhile, TestContext.Current.CancellationToken));
        Assert.NotSame(run, first);
        release.Set();
        await canceling!.Guarded();
        await run.Guarded();

        // Room for a group that is wrong to end in: a right one cannot end before the release, however long this takes.
        static void SpinAWhile()
        {
            for (int i = 0; i < 1_000; i++)
            {
                Thread.Yield();
            }
        }
    }

    [Fact]
    public async Task A_throwing_callback_of_a_childs_own_cancellation_keeps_nothing_from_ending_and_is_not_lost()
    {
        using var own = new CancellationTokenSource();
        var thrown = new InvalidTimeZoneException("callback");
        Exception? atCancel = null;
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            Task child = group.Run(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                ct.Register(() => throw thrown);
                started.Open();
                await ct.UntilCanceled();
            });
            await started.Opened;
            atCancel = Record.Exception(own.Cancel);
            await child.Cancellation();
        });

        await run.Ended();
        IEnumerable<Exception> seen = (run.Exception?.InnerExceptions ?? []).Concat((atCancel as AggregateException)?.Flatten().InnerExceptions ?? []);
        Assert.Contains(thrown, seen);
    }

    [Fact]
    public async Task What_a_callback_throws_after_an_isolated_childs_task_has_its_result_is_not_lost()
    {
        using var own = new CancellationTokenSource();
        var thrown = new InvalidTimeZoneException("callback");
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate }, async group =>
        {
            // The result is there before the callback is known to have failed: the child's task cannot tell of it any more.
            Task<int> child = group.Run(new ChildOptions { CancellationToken = own.Token }, ct =>
            {
                ct.Register(() => throw thrown);
                own.Cancel();
                return new ValueTask<int>(3);
            });
            Assert.Equal(3, await child);
        });

        Assert.Same(thrown, await run.OnlyFailure());
    }

    [Fact]
    public async Task One_options_object_serves_many_children()
    {
        using var own = new CancellationTokenSource();
        var shared = new ChildOptions { Name = "shared", CancellationToken = own.Token };
        Task? one = null;
        Task? two = null;
        await TaskGroup.RunAsync(async group =>
        {
            var started = new Gate(2);
            one = group.Run(shared, Child);
            two = group.Run(shared, Child);
            await started.Opened;
            await own.CancelAsync();

            async Task Child(CancellationToken ct)
            {
                started.Open();
                await ct.UntilCanceled();
            }
        }).Guarded();
        await one!.Cancellation();
        await two!.Cancellation();
    }
}
