using System.Runtime.CompilerServices;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>What following the flow of a program must not change in it.</summary>
public sealed class TreeContextTests
{
    private static readonly AsyncLocal<string?> Users = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_body_sets_before_its_first_wait_is_seen_as_without_the_tree(bool isOn)
    {
        using IDisposable? on = isOn ? TaskTree.Enable() : null;
        Task synchronous = TaskGroup.RunAsync(static _ => { Users.Value = "set"; return Task.CompletedTask; });
        Assert.Equal("set", Users.Value);
        Assert.Null(LiveScope.Here);
        await synchronous;

        Users.Value = "before";
        Task asynchronous = TaskGroup.RunAsync(static async _ => { Users.Value = "within"; await Task.Yield(); });
        Assert.Equal("before", Users.Value);
        Assert.Null(LiveScope.Here);
        await asynchronous;
    }

    [Fact]
    public async Task A_body_that_throws_at_once_leaves_no_scope_behind()
    {
        using IDisposable on = TaskTree.Enable();
        Task run = TaskGroup.RunAsync(static Task (_) => throw new InvalidOperationException());
        Assert.Null(LiveScope.Here);
        await Assert.ThrowsAsync<InvalidOperationException>(() => run);
    }

    [Fact]
    public async Task Without_a_flow_of_contexts_everything_runs_and_nothing_leaks()
    {
        using IDisposable on = TaskTree.Enable();
        Task run;
        AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        try
        {
            run = TaskGroup.RunAsync(static group =>
            {
                group.Start(static async _ => await Task.Yield());
                return Task.CompletedTask;
            });
            Assert.True(ExecutionContext.IsFlowSuppressed());
            Assert.Null(LiveScope.Here);
        }
        finally
        {
            flow.Undo();
        }

        await run.Guarded();
        Assert.Null(LiveScope.Here);
    }

    [Fact]
    public async Task The_stream_of_a_gather_leaves_its_consumers_context_alone()
    {
        using IDisposable on = TaskTree.Enable();
        await foreach (int _ in Gather.StreamAsync([1, 2], 2, static async (item, _) => { await Task.Yield(); return item; }))
        {
            Assert.Null(LiveScope.Here);
        }
    }

    [Fact]
    public async Task Whoever_keeps_the_context_of_a_group_does_not_keep_its_result()
    {
        using IDisposable on = TaskTree.Enable();
        (ExecutionContext kept, WeakReference result) = await RunAndKeepAsync();

        Assert.True(await result.IsCollected());
        GC.KeepAlive(kept);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_loop_that_is_asked_on_after_its_disposal_does_not_come_back(bool hasBegun)
    {
        IAsyncEnumerator<Page<int>> pages = Paging.ByPageNumber(1, static (page, _) => Task.FromResult(new CountedPage<int>([page], 3))).Pages().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        if (hasBegun)
        {
            Assert.True(await pages.MoveNextAsync());
            Assert.Equal(TaskTreeNodeKind.Pages, Assert.Single(TaskTree.Capture().Nodes).Kind);
        }

        await pages.DisposeAsync();

        Assert.False(await pages.MoveNextAsync());
        Assert.Empty(TaskTree.Capture().Nodes);
    }

    [Fact]
    public async Task A_clock_that_throws_costs_the_age_and_nothing_else()
    {
        using IDisposable on = TaskTree.Enable();
        int result = await TaskGroup.RunAsync(new TaskGroupOptions { TimeProvider = new BrokenClock() }, async group =>
        {
            var there = new Gate();
            var release = new Gate();
            group.Start(_ => { there.Open(); return release.Opened; });
            await there.Opened;
            TaskTreeNode self = Assert.Single(TaskTree.Capture().Roots);
            Assert.Null(self.Age);
            Assert.Null(Assert.Single(self.Children).Age);
            release.Open();
            return 1;
        });
        Assert.Equal(1, result);
    }

    [Fact]
    public async Task While_the_tree_is_off_only_a_capture_asks_the_clock_of_a_group()
    {
        var clock = new BrokenClock();
        await TaskGroup.RunAsync(new TaskGroupOptions { TimeProvider = clock }, static async group =>
        {
            group.Start(static async _ => await Task.Yield());
            await Task.Yield();
        });
        Assert.Equal(0, clock.Questions);
    }

    [Fact]
    public async Task Everybody_who_holds_the_tree_keeps_it_on()
    {
        Assert.False(TaskTree.IsEnabled);
        IDisposable one = TaskTree.Enable();
        IDisposable two = TaskTree.Enable();
        one.Dispose();
        one.Dispose();
        Assert.True(TaskTree.IsEnabled);
        two.Dispose();
        Assert.False(TaskTree.IsEnabled);
        await Task.CompletedTask;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(ExecutionContext Kept, WeakReference Result)> RunAndKeepAsync()
    {
        ExecutionContext? kept = null;
        object result = await TaskGroup.RunAsync(async _ =>
        {
            await Task.Yield();
            kept = ExecutionContext.Capture();
            Assert.NotNull(LiveScope.Here);
            return new object();
        });
        return (kept!, new WeakReference(result));
    }
}
