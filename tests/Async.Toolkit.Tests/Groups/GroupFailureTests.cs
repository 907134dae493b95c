using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>The default policy: the first failure cancels the others, and what then reaches the caller.</summary>
public sealed class GroupFailureTests
{
    [Fact]
    public async Task A_childs_failure_cancels_the_siblings_and_the_body_and_is_thrown_itself()
    {
        var failure = new IOException("disk");
        var sibling = new Gate();
        var started = new Gate();
        CancellationReason seen = default;
        Task run = TaskGroup.RunAsync(async group =>
        {
            group.Start(async ct =>
            {
                started.Open();
                try
                {
                    await ct.UntilCanceled();
                }
                finally
                {
                    sibling.Open();
                }
            });
            group.Start(async _ =>
            {
                await started.Opened;
                throw failure;
            });
            try
            {
                await group.CancellationToken.UntilCanceled();
            }
            finally
            {
                seen = group.CancellationReason;
            }
        });

        Assert.Same(failure, await run.OnlyFailure());
        Assert.True(sibling.IsOpen);
        Assert.Equal(CancellationReason.Failure, seen);
    }

    [Fact]
    public async Task Await_throws_the_original_object_with_its_own_stack()
    {
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(Sinks);
            return ValueTask.CompletedTask;
        });

        InvalidTimeZoneException thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => run.Guarded());
        Assert.Contains(nameof(Sinks), thrown.StackTrace, StringComparison.Ordinal);

        static async ValueTask Sinks(CancellationToken token)
        {
            await Task.Yield();
            throw new InvalidTimeZoneException();
        }
    }

    [Fact]
    public async Task A_bodys_failure_cancels_the_children_and_waits_for_them()
    {
        var failure = new InvalidOperationException("body");
        var release = new Gate();
        var started = new Gate();
        var canceled = new Gate();
        Task<int> run = TaskGroup.RunAsync<int>(async group =>
        {
            group.Start(async ct =>
            {
                started.Open();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ct.UntilCanceled());
                canceled.Open();
                await release.Opened;
            });
            await started.Opened;
            throw failure;
        });

        await canceled.Reached();
        Assert.False(run.IsCompleted);
        release.Open();
        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task All_failures_are_kept_in_order_of_occurrence()
    {
        Exception[] failures = [.. Enumerable.Range(0, 20).Select(i => new IOException($"{i}"))];
        Gate[] turns = [.. failures.Select(_ => new Gate())];
        var allStarted = new Gate(failures.Length);
        Task run = TaskGroup.RunAsync(async group =>
        {
            for (int i = 0; i < failures.Length; i++)
            {
                int turn = i;
                Task child = group.Run(async _ =>
                {
                    allStarted.Open();
                    await turns[turn].Opened;
                    throw failures[turn];
                });
                if (turn + 1 < turns.Length)
                {
                    _ = child.ContinueWith(_ => turns[turn + 1].Open(), TaskScheduler.Default);
                }
            }

            await allStarted.Opened;
            turns[0].Open();
        });

        Assert.Equal(failures, await run.Failures());
    }

    [Fact]
    public async Task A_child_or_body_that_awaits_a_failed_sibling_adds_nothing()
    {
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(async group =>
        {
            Task first = group.Run(async _ =>
            {
                await Task.Yield();
                throw failure;
            });
            group.Start(async _ => await first);
            await first;
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task Wrapping_a_siblings_failure_adds_one_after_it()
    {
        var failure = new IOException();
        Exception? wrapper = null;
        Task run = TaskGroup.RunAsync(async group =>
        {
            Task first = group.Run(_ => throw failure);
            try
            {
                await first;
            }
            catch (IOException inner)
            {
                wrapper = new InvalidOperationException("wrapped", inner);
                throw wrapper;
            }
        });

        IReadOnlyList<Exception> failures = await run.Failures();
        Assert.Equal([failure, wrapper!], failures);
    }

    [Fact]
    public async Task The_same_object_thrown_by_many_children_is_kept_once()
    {
        var shared = new IOException();
        var other = new IOException();
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll, MaxConcurrency = 1 }, group =>
        {
            for (int i = 0; i < 30; i++)
            {
                int n = i;
                group.Start(_ => throw (n == 20 ? other : shared));
            }

            return ValueTask.CompletedTask;
        });

        Assert.Equal([shared, other], await run.Failures());
    }

    [Fact]
    public async Task Equal_but_distinct_failures_are_all_kept()
    {
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll, MaxConcurrency = 1 }, group =>
        {
            for (int i = 0; i < 30; i++)
            {
                group.Start(_ => throw new AlwaysEqualException());
            }

            return ValueTask.CompletedTask;
        });

        Assert.Equal(30, (await run.Failures()).Count);
    }

    [Fact]
    public async Task A_task_with_several_failures_is_flattened()
    {
        Exception[] failures = [new IOException("a"), new ArgumentException("b"), new FormatException("c")];
        Task run = TaskGroup.RunAsync(group =>
        {
            Task several = Task.WhenAll(failures.Select(Task.FromException));
            Task handle = group.Run(_ => several);
            return new ValueTask(handle);
        });

        Assert.Equal(failures, await run.Failures());
    }

    [Fact]
    public async Task A_flattened_task_loses_the_cancellations_that_were_asked_for()
    {
        var failure = new IOException();
        var began = new Gate();
        Task run = TaskGroup.RunAsync(async group =>
        {
            group.Start(ct =>
            {
                Task both = Task.WhenAll(ct.UntilCanceled(), FailsOnCancel(ct));
                began.Open();
                return both;
            });
            await began.Opened;
            group.Cancel();
        });
        Assert.Same(failure, await run.OnlyFailure());

        async Task FailsOnCancel(CancellationToken ct)
        {
            await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
            throw failure;
        }
    }

    [Fact]
    public async Task An_aggregate_that_a_child_throws_itself_stays_the_object_it_is()
    {
        var thrown = new AggregateException(new IOException(), new FormatException());
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(async _ =>
            {
                await Task.Yield();
                throw thrown;
            });
            return ValueTask.CompletedTask;
        });

        Assert.Same(thrown, await run.OnlyFailure());
    }

    [Fact]
    public async Task A_childs_own_task_carries_its_failure()
    {
        var failure = new IOException();
        Task<int>? handle = null;
        Task run = TaskGroup.RunAsync(group =>
        {
            handle = group.Run<int>(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        await run.OnlyFailure();
        Assert.Same(failure, await handle!.OnlyFailure());
    }

    [Fact]
    public async Task The_group_is_already_failing_when_a_failed_childs_task_can_be_seen()
    {
        for (int i = 0; i < 200; i++)
        {
            CancellationReason seen = default;
            Task run = TaskGroup.RunAsync(async group =>
            {
                Task child = group.Run(_ => throw new IOException());
                await child.ContinueWith(static _ => { }, TaskContinuationOptions.ExecuteSynchronously);
                seen = group.CancellationReason;
            });
            await run.OnlyFailure();
            Assert.Equal(CancellationReason.Failure, seen);
        }
    }

    [Fact]
    public async Task A_failed_groups_token_is_canceled_when_a_failed_childs_task_can_be_seen()
    {
        for (int i = 0; i < 200; i++)
        {
            bool canceled = false;
            Task run = TaskGroup.RunAsync(async group =>
            {
                Task child = group.Run(_ => throw new IOException());
                await child.ContinueWith(static _ => { }, TaskContinuationOptions.ExecuteSynchronously);
                canceled = group.CancellationToken.IsCancellationRequested;
            });
            await run.OnlyFailure();
            Assert.True(canceled);
        }
    }

    private sealed class AlwaysEqualException : Exception
    {
        public override bool Equals(object? obj) => obj is AlwaysEqualException;

        public override int GetHashCode() => 1;
    }
}
