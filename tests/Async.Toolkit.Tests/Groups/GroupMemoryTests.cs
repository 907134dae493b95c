using System.Runtime.CompilerServices;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>What a group lets go of, and what it never shares.</summary>
public sealed class GroupMemoryTests
{
    [Fact]
    public async Task A_finished_child_is_released_while_the_group_is_open()
    {
        await using TaskGroup group = TaskGroup.Open();
        WeakReference finished = await RunHeavyChild(group);

        // The node is let go a moment after the child's own task has completed.
        Assert.True(await finished.IsCollected());

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
        Assert.True(await ended.IsCollected());

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
    public async Task An_ended_group_itself_stays_on_neither_of_its_callers_tokens()
    {
        using var caller = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        Assert.True(await EndGroup(caller.Token, second.Token).IsCollected());

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference EndGroup(CancellationToken caller, CancellationToken second)
        {
            var core = new GroupCore(TaskGroupOptions.Default, new GroupRun<Unit>(), hasBody: false, caller, second);
            core.OnBodySucceeded();
            return new WeakReference(core);
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
    public async Task An_ended_child_leaves_nothing_on_its_own_long_lived_token()
    {
        using var own = new CancellationTokenSource();
        WeakReference registered = await RunChild(own.Token);
        Assert.True(await registered.IsCollected());

        static async Task<WeakReference> RunChild(CancellationToken token)
        {
            object registered = new();
            await TaskGroup.RunAsync(group => group.Run(new() { CancellationToken = token }, registered, static (registered, ct) =>
            {
                ct.Register(static registered => GC.KeepAlive(registered), registered);
                return ValueTask.CompletedTask;
            }), CancellationToken.None);
            return new WeakReference(registered);
        }
    }

    [Fact]
    public async Task A_refused_child_leaves_nothing_of_its_context_in_the_group()
    {
        (TaskGroup group, WeakReference value) = await Task.Run(Refuse);
        Assert.True(await value.IsCollected());
        await group.DisposeAsync();

        static async Task<(TaskGroup Group, WeakReference Value)> Refuse()
        {
            var local = new AsyncLocal<object?> { Value = new object() };
            var value = new WeakReference(local.Value);
            TaskGroup group = TaskGroup.Open();
            group.Cancel();
            group.Start(_ => ValueTask.CompletedTask);
            await Task.Yield();
            local.Value = null;
            return (group, value);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task An_idle_group_keeps_nothing_of_its_last_childs_context(int? limit)
    {
        await using TaskGroup group = TaskGroup.Open(new() { MaxConcurrency = limit }, CancellationToken.None);
        WeakReference value = await Task.Run(() => RunChild(group), TestContext.Current.CancellationToken);
        Assert.True(await value.IsCollected());

        static async Task<WeakReference> RunChild(TaskGroup group)
        {
            var local = new AsyncLocal<object?> { Value = new object() };
            var value = new WeakReference(local.Value);
            await group.Run(static async _ => await Task.Yield());
            local.Value = null;
            return value;
        }
    }

    [Fact]
    public async Task A_child_that_comes_too_late_leaves_nothing_on_its_own_token()
    {
        using var own = new CancellationTokenSource();
        WeakReference captured = await ComeTooLate(own.Token);
        Assert.True(await captured.IsCollected());

        static async Task<WeakReference> ComeTooLate(CancellationToken token)
        {
            TaskGroup group = TaskGroup.Open(null, CancellationToken.None);
            await group.DisposeAsync();
            object captured = new();
            Assert.Throws<InvalidOperationException>(() => group.Start(new ChildOptions { CancellationToken = token }, captured, static (_, _) => ValueTask.CompletedTask));
            return new WeakReference(captured);
        }
    }
}
