using System.Globalization;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Where children run, and what flows into them.</summary>
public sealed class GroupContextTests
{
    private static readonly TaskGroupOptions OnCaller = new() { ChildContext = ChildContext.Caller };
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public async Task Children_run_on_the_pool_and_see_no_context_even_after_an_await()
    {
        using var loop = new LoopContext();
        await loop.Invoke(() => TaskGroup.RunAsync(async group =>
        {
            Assert.True(loop.IsCurrentThread);
            await group.Run(async _ =>
            {
                AssertOnPool();
                await Task.Yield();
                AssertOnPool();
            });
            Assert.True(loop.IsCurrentThread);
        })).Guarded();

        static void AssertOnPool()
        {
            Assert.True(Thread.CurrentThread.IsThreadPoolThread);
            Assert.Null(SynchronizationContext.Current);
            Assert.Same(TaskScheduler.Default, TaskScheduler.Current);
        }
    }

    [Fact]
    public async Task A_context_that_a_child_leaves_behind_does_not_reach_the_next_one()
    {
        var seen = new List<SynchronizationContext?>();
        await TaskGroup.RunAsync(new() { MaxConcurrency = 1 }, group =>
        {
            for (int i = 0; i < 200; i++)
            {
                group.Start(_ =>
                {
                    seen.Add(SynchronizationContext.Current);
                    SynchronizationContext.SetSynchronizationContext(PostContext.Inline());
                    return ValueTask.CompletedTask;
                });
            }

            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Equal(200, seen.Count);
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public async Task On_the_callers_context_children_run_there_in_order_and_return_there_after_an_await()
    {
        using var loop = new LoopContext();
        var order = new List<int>();
        await loop.Invoke(() => TaskGroup.RunAsync(OnCaller, async group =>
        {
            for (int i = 0; i < 500; i++)
            {
                int n = i;
                group.Start(async _ =>
                {
                    Assert.True(loop.IsCurrentThread);
                    Assert.Same(loop, SynchronizationContext.Current);
                    order.Add(n);
                    await Task.Yield();
                    Assert.True(loop.IsCurrentThread);
                });
            }

            await Task.Yield();
        })).Guarded();

        Assert.Equal(Enumerable.Range(0, 500), order);
    }

    [Fact]
    public async Task The_context_is_the_one_at_the_creation_also_for_children_that_others_add()
    {
        using var loop = new LoopContext();
        TaskGroup? opened = null;
        await loop.Invoke(() =>
        {
            opened = TaskGroup.Open(OnCaller);
            return Task.CompletedTask;
        }).Guarded();

        bool there = await opened!.Run(_ => new ValueTask<bool>(loop.IsCurrentThread)).Guarded();
        Assert.True(there);
        await opened.JoinAsync().Guarded();
    }

    [Fact]
    public async Task Without_a_context_the_pool_is_used()
    {
        bool onPool = await Task.Run(() => TaskGroup.RunAsync(OnCaller, group =>
            group.Run(_ => new ValueTask<bool>(Thread.CurrentThread.IsThreadPoolThread)))).Guarded();
        Assert.True(onPool);
    }

    [Fact]
    public async Task A_context_that_posts_inline_neither_nests_nor_reorders()
    {
        var order = new List<int>();
        int depth = 0;
        int deepest = 0;
        Task run = PostContext.Inline().Enter(() => TaskGroup.RunAsync(OnCaller, group =>
        {
            for (int i = 0; i < 3; i++)
            {
                Add(group, i * 10_000);
            }

            return ValueTask.CompletedTask;
        }));
        await run.Guarded();
        Assert.Equal(1, deepest);
        Assert.Equal(30_000, order.Count);

        void Add(TaskGroup group, int n) => group.Start(_ =>
        {
            deepest = Math.Max(deepest, ++depth);
            order.Add(n);
            if ((n + 1) % 10_000 != 0)
            {
                Add(group, n + 1);
            }

            depth--;
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task Children_that_unrelated_threads_add_on_a_context_all_run()
    {
        const int Each = 100_000;
        int ran = 0;
        TaskGroup group = PostContext.Inline().Enter(() => TaskGroup.Open(OnCaller));
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                group.Start(_ =>
                {
                    Interlocked.Increment(ref ran);
                    return ValueTask.CompletedTask;
                });
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        await group.JoinAsync().Guarded();
        Assert.Equal(threads.Length * Each, ran);
    }

    [Fact]
    public async Task A_post_that_throws_fails_the_child()
    {
        var failure = new ObjectDisposedException("window");
        bool called = false;
        Task? handle = null;
        var context = new PostContext((_, _) => throw failure);
        Task run = context.Enter(() => TaskGroup.RunAsync(OnCaller, group =>
        {
            handle = group.Run(_ =>
            {
                called = true;
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        }));

        Assert.Same(failure, await run.OnlyFailure());
        Assert.Same(failure, await handle!.OnlyFailure());
        Assert.False(called);
    }

    [Fact]
    public async Task A_post_that_throws_for_a_child_that_is_canceled_already_still_ends_the_group()
    {
        var failure = new ObjectDisposedException("window");
        var context = new PostContext((_, _) => throw failure);
        Task? handle = null;
        Task run = context.Enter(() => TaskGroup.RunAsync(OnCaller, group =>
        {
            handle = group.Run(new ChildOptions { CancellationToken = new CancellationToken(canceled: true) }, _ => ValueTask.CompletedTask);
            return ValueTask.CompletedTask;
        }));

        Assert.Same(failure, await run.OnlyFailure());
        await handle!.Ended();
    }

    [Fact]
    public async Task A_post_that_runs_the_child_and_then_throws_leaves_no_orphan()
    {
        var context = new PostContext((callback, state) =>
        {
            callback(state);
            throw new InvalidOperationException("after the fact");
        });
        var release = new Gate();
        int ended = 0;
        Task run = context.Enter(() => TaskGroup.RunAsync(new() { ChildContext = ChildContext.Caller, FailurePolicy = FailurePolicy.WaitForAll }, group =>
        {
            for (int i = 0; i < 4; i++)
            {
                bool waits = i % 2 == 0;
                group.Start(async _ =>
                {
                    if (waits)
                    {
                        // Not through the context: its Post throws at whoever completes the wait.
                        await release.Opened.ConfigureAwait(false);
                    }

                    Interlocked.Increment(ref ended);
                });
            }

            return ValueTask.CompletedTask;
        }));

        bool endedEarly = run.IsCompleted;
        release.Open();
        await run.Ended();
        Assert.False(endedEarly);
        Assert.Equal(4, ended);
    }

    [Fact]
    public async Task Async_locals_flow_from_the_call_into_the_child_and_not_back()
    {
        var local = new AsyncLocal<string?>();
        var seen = new List<string?>();
        await TaskGroup.RunAsync(new() { MaxConcurrency = 1 }, group =>
        {
            foreach (string value in Names)
            {
                local.Value = value;
                group.Start(async _ =>
                {
                    seen.Add(local.Value);
                    local.Value = "changed";
                    await Task.Yield();
                    seen.Add(local.Value);
                });
            }

            local.Value = null;
            using (ExecutionContext.SuppressFlow())
            {
                group.Start(_ =>
                {
                    seen.Add(local.Value);
                    local.Value = "leaked";
                    return ValueTask.CompletedTask;
                });
                group.Start(_ =>
                {
                    seen.Add(local.Value);
                    return ValueTask.CompletedTask;
                });
            }

            local.Value = "body";
            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Equal(["a", "changed", "b", "changed", "c", "changed", null, null], seen);
    }

    [Fact]
    public async Task Async_locals_and_culture_flow_on_the_callers_context_too()
    {
        using var loop = new LoopContext();
        var local = new AsyncLocal<int>();
        await loop.Invoke(() => TaskGroup.RunAsync(OnCaller, async group =>
        {
            local.Value = 5;
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-CH");
            Task<(int, string)> child = group.Run(_ => new ValueTask<(int, string)>((local.Value, CultureInfo.CurrentCulture.Name)));
            local.Value = 6;
            Assert.Equal((5, "de-CH"), await child);
        })).Guarded();
    }

    [Fact]
    public async Task The_body_keeps_its_own_context_and_locals()
    {
        var local = new AsyncLocal<int> { Value = 1 };
        await TaskGroup.RunAsync(async group =>
        {
            Assert.Equal(1, local.Value);
            local.Value = 2;
            await group.Run(_ =>
            {
                local.Value = 3;
                return ValueTask.CompletedTask;
            });
            Assert.Equal(2, local.Value);
        }).Guarded();
    }
}
