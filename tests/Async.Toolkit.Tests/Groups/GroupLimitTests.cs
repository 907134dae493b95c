using System.Collections.Concurrent;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary><see cref="TaskGroupOptions.MaxConcurrency"/>, and the order in which children start.</summary>
public sealed class GroupLimitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task The_limit_is_reached_and_never_exceeded(int limit)
    {
        int running = 0;
        int most = 0;
        var full = new Gate(limit);
        await TaskGroup.RunAsync(new() { MaxConcurrency = limit }, group =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                int n = i;
                group.Start(async _ =>
                {
                    int now = Interlocked.Increment(ref running);
                    InterlockedMax(ref most, now);
                    if (n < limit)
                    {
                        full.Open();
                        await full.Opened;
                    }

                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                });
            }

            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Equal(limit, most);
    }

    [Fact]
    public async Task Without_a_limit_all_run_at_once()
    {
        var all = new Gate(2_000);
        await TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                group.Start(async _ =>
                {
                    all.Open();
                    await all.Opened;
                });
            }

            return ValueTask.CompletedTask;
        }).Guarded();
    }

    [Fact]
    public async Task Waiting_children_start_first_in_first_out()
    {
        var order = new List<int>();
        await TaskGroup.RunAsync(new() { MaxConcurrency = 1 }, group =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                int n = i;
                if (n % 2 == 0)
                {
                    group.Start(Child);
                }
                else
                {
                    _ = group.Run(Child);
                }

                async ValueTask Child(CancellationToken token)
                {
                    order.Add(n);
                    if (n % 3 == 0)
                    {
                        await Task.Yield();
                    }
                }
            }

            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Equal(Enumerable.Range(0, 2_000), order);
    }

    // On one thread, where the order of the first statements is that of the starts; two threads of the pool race each other after that.
    [Fact]
    public async Task Without_a_limit_children_start_in_the_order_of_their_calls()
    {
        var order = new ConcurrentQueue<int>();
        Task run = PostContext.Inline().Enter(() => TaskGroup.RunAsync(new() { ChildContext = ChildContext.Caller }, group =>
        {
            for (int i = 0; i < 500; i++)
            {
                group.Start(i, (n, _) =>
                {
                    order.Enqueue(n);
                    return ValueTask.CompletedTask;
                });
            }

            return ValueTask.CompletedTask;
        }));
        await run.Guarded();
        Assert.Equal(Enumerable.Range(0, 500), order);
    }

    [Fact]
    public async Task The_body_takes_no_place()
    {
        int result = await TaskGroup.RunAsync(new() { MaxConcurrency = 1 }, async group =>
        {
            int first = await group.Run(_ => new ValueTask<int>(1));
            return first + await group.Run(async _ =>
            {
                await Task.Yield();
                return 2;
            });
        }).Guarded();
        Assert.Equal(3, result);
    }

    [Fact]
    public async Task A_failed_a_canceled_and_a_throwing_child_give_their_places_back()
    {
        bool last = false;
        using var own = new CancellationTokenSource();
        await own.CancelAsync();
        Task run = TaskGroup.RunAsync(new() { MaxConcurrency = 1, FailurePolicy = FailurePolicy.WaitForAll }, group =>
        {
            group.Start(_ => throw new IOException());
            group.Start(async _ =>
            {
                await Task.Yield();
                throw new IOException();
            });
            group.Start(new ChildOptions { CancellationToken = own.Token }, _ => ValueTask.CompletedTask);
            group.Start(_ => throw new OperationCanceledException());
            group.Start(_ => (Task)null!);
            group.Start(_ =>
            {
                last = true;
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        });

        Assert.Equal(4, (await run.Failures()).Count);
        Assert.True(last);
    }

    [Fact]
    public async Task A_child_that_blocks_its_thread_does_not_hold_up_the_next_one()
    {
        using var release = new ManualResetEventSlim();
        await TaskGroup.RunAsync(group =>
        {
            group.Start(_ =>
            {
                Assert.True(release.Wait(TimeSpan.FromSeconds(30), CancellationToken.None));
                return ValueTask.CompletedTask;
            });
            group.Start(_ =>
            {
                release.Set();
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        }).Guarded();
    }

    [Fact]
    public async Task Two_unrelated_threads_may_add_children_and_each_ones_order_is_kept()
    {
        const int Each = 20_000;
        await using TaskGroup group = TaskGroup.Open(new() { MaxConcurrency = 1 });
        var ran = new List<(int Thread, int N)>();
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                group.Start((thread, i), (child, _) =>
                {
                    ran.Add(child);
                    return ValueTask.CompletedTask;
                });
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        await group.JoinAsync().Guarded();

        Assert.Equal(Enumerable.Range(0, Each), ran.Where(child => child.Thread == 0).Select(child => child.N));
        Assert.Equal(Enumerable.Range(0, Each), ran.Where(child => child.Thread == 1).Select(child => child.N));
    }

    [Fact]
    public async Task Unrelated_threads_may_add_failing_and_canceling_children_without_a_limit()
    {
        const int Each = 5_000;
        await using TaskGroup group = TaskGroup.Open(new() { FailurePolicy = FailurePolicy.WaitForAll });
        int ran = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                bool fails = i % 10 == 0;
                _ = group.Run(async _ =>
                {
                    Interlocked.Increment(ref ran);
                    await Task.Yield();
                    if (fails)
                    {
                        throw new IOException();
                    }
                });
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(4 * Each / 10, (await group.JoinAsync().Failures()).Count);
        Assert.Equal(4 * Each, ran);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        int seen = Volatile.Read(ref most);
        while (now > seen && Interlocked.CompareExchange(ref most, now, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}
