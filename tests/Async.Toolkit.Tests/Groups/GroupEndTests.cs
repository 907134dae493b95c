using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>What a group waits for, and what it gives.</summary>
public sealed class GroupEndTests
{
    [Fact]
    public async Task The_bodys_result_is_given_once_every_child_has_ended()
    {
        var release = new Gate();
        bool ended = false;
        Task<int> run = TaskGroup.RunAsync(group =>
        {
            group.Start(async _ =>
            {
                await release.Opened;
                Volatile.Write(ref ended, true);
            });
            return new ValueTask<int>(42);
        });

        Assert.False(run.IsCompleted);
        release.Open();
        Assert.Equal(42, await run.Guarded());
        Assert.True(ended);
    }

    [Fact]
    public async Task The_group_waits_for_a_body_that_outlasts_its_children()
    {
        var release = new Gate();
        var childEnded = new Gate();
        Task run = TaskGroup.RunAsync(async group =>
        {
            await group.Run(_ => ValueTask.CompletedTask);
            childEnded.Open();
            await release.Opened;
        });

        await childEnded.Reached();
        Assert.False(run.IsCompleted);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task An_empty_body_ends_at_once()
    {
        Task run = TaskGroup.RunAsync(_ => ValueTask.CompletedTask);
        Assert.True(run.IsCompletedSuccessfully);
        await run;
    }

    [Fact]
    public async Task The_body_runs_on_the_callers_thread_before_the_call_returns()
    {
        int caller = Environment.CurrentManagedThreadId;
        int body = 0;
        Task run = TaskGroup.RunAsync(_ =>
        {
            body = Environment.CurrentManagedThreadId;
            return ValueTask.CompletedTask;
        });
        Assert.Equal(caller, body);
        await run.Guarded();
    }

    [Fact]
    public async Task A_child_may_add_children_after_the_body_has_returned()
    {
        var release = new Gate();
        var order = new List<string>();
        await TaskGroup.RunAsync(group =>
        {
            group.Start(async _ =>
            {
                await release.Opened;
                group.Start(async _ =>
                {
                    await Task.Yield();
                    Assert.Equal(7, await group.Run(_ => new ValueTask<int>(7)));
                    order.Add("grandchild");
                });
            });
            release.Open();
            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Equal(["grandchild"], order);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Running_a_child_after_the_end_names_the_group(bool start)
    {
        TaskGroup? kept = null;
        await TaskGroup.RunAsync(new() { Name = "harbour" }, group =>
        {
            kept = group;
            return ValueTask.CompletedTask;
        }).Guarded();

        bool called = false;
        ValueTask Child(CancellationToken token)
        {
            called = true;
            return default;
        }

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() =>
        {
            if (start)
            {
                kept!.Start(Child);
            }
            else
            {
                _ = kept!.Run(Child);
            }
        });
        Assert.Contains("'harbour'", thrown.Message, StringComparison.Ordinal);
        Assert.False(called);
    }

    [Fact]
    public async Task A_finished_child_is_released_while_the_group_is_open()
    {
        await using TaskGroup group = TaskGroup.Open();
        WeakReference finished = await RunHeavyChild(group);
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        // The node is let go a moment after the child's own task has completed.
        while (finished.IsAlive)
        {
            guard.Token.ThrowIfCancellationRequested();
            GC.Collect();
            await Task.Yield();
        }

        static async Task<WeakReference> RunHeavyChild(TaskGroup group)
        {
            object heavy = new();
            await group.Run(heavy, static async (heavy, _) =>
            {
                await Task.Yield();
                GC.KeepAlive(heavy);
            });
            return new WeakReference(heavy);
        }
    }

    [Fact]
    public async Task An_ended_group_leaves_nothing_on_a_long_lived_callers_token()
    {
        using var caller = new CancellationTokenSource();
        WeakReference ended = await RunGroup(caller.Token);
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (ended.IsAlive)
        {
            guard.Token.ThrowIfCancellationRequested();
            GC.Collect();
            await Task.Yield();
        }

        static async Task<WeakReference> RunGroup(CancellationToken token)
        {
            WeakReference? kept = null;
            using var own = new CancellationTokenSource();
            await TaskGroup.RunAsync(async group =>
            {
                kept = new WeakReference(group);
                await group.Run(new ChildOptions { CancellationToken = token }, async _ => await Task.Yield());
            }, token);
            return kept!;
        }
    }

    [Fact]
    public async Task A_kept_token_never_sees_another_groups_cancellation()
    {
        var kept = new List<CancellationToken>();
        for (int i = 0; i < 200; i++)
        {
            await TaskGroup.RunAsync(async group =>
            {
                if (i % 2 == 0)
                {
                    kept.Add(group.CancellationToken);
                    await group.Run(_ => ValueTask.CompletedTask);
                }
                else
                {
                    group.Cancel();
                }
            }).Guarded();
        }

        Assert.Equal(100, kept.Count);
        Assert.All(kept, token => Assert.False(token.IsCancellationRequested));
    }

    [Fact]
    public async Task A_group_without_a_cancellation_gives_no_reason()
    {
        await TaskGroup.RunAsync(new() { Name = "calm" }, group =>
        {
            Assert.Equal("calm", group.Name);
            Assert.Equal(CancellationReason.None, group.CancellationReason);
            Assert.True(group.CancellationToken.CanBeCanceled);
            return ValueTask.CompletedTask;
        }).Guarded();
    }
}
