using System.Threading.RateLimiting;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>What the tree tells of those who wait, and why something was canceled.</summary>
public sealed class TreeWaitTests : IDisposable
{
    private readonly AsyncSemaphore _semaphore = new(1);

    public void Dispose()
    {
        _semaphore.Dispose();
        Assert.Empty(TaskTree.Capture().Nodes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_semaphore_names_who_waits_as_far_as_that_is_known(bool isOn)
    {
        using IDisposable? on = isOn ? TaskTree.Enable() : null;
        AsyncSemaphore.Permit held = await _semaphore.AcquireAsync(TestContext.Current.CancellationToken);
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(async ct => (await _semaphore.AcquireAsync(ct)).Dispose());
            return Task.CompletedTask;
        });
        Task stranger = Task.Run(async () => (await _semaphore.AcquireAsync(TestContext.Current.CancellationToken)).Dispose(), CancellationToken.None);
        await Waiting.Until(() => _semaphore.WaitingCount == 2);

        IReadOnlyList<TaskTreeNode> roots = TaskTree.Capture().Roots;
        TaskTreeNode group = roots[0];
        TaskTreeNode semaphore = roots[1];
        TaskTreeNode child = Assert.Single(group.Children);
        Assert.Equal((TaskTreeNodeKind.Semaphore, 2, "0 of 1 permits free"), (semaphore.Kind, semaphore.Waiting, semaphore.Detail));
        Assert.Equal([isOn ? $"{group.Id}.1" : group.Id!, "?"], semaphore.Waiters.OrderDescending());
        Assert.Equal(semaphore.Id, (isOn ? child : group).WaitsFor);
        Assert.Equal(isOn ? TaskTreeState.WaitingForPermit : TaskTreeState.Running, child.State);

        held.Dispose();
        await run.Guarded();
        await stranger.Guarded();
    }

    [Fact]
    public async Task A_semaphore_keeps_its_id_from_one_queue_to_the_next()
    {
        var ids = new HashSet<string?>();
        for (int queue = 0; queue < 3; queue++)
        {
            AsyncSemaphore.Permit held = await _semaphore.AcquireAsync(TestContext.Current.CancellationToken);
            Task waits = _semaphore.AcquireAsync(TestContext.Current.CancellationToken).AsTask().ContinueWith(static granted => granted.Result.Dispose(), TestContext.Current.CancellationToken);
            ids.Add(Assert.Single(TaskTree.Capture().Roots).Id);
            held.Dispose();
            await waits.Guarded();
        }

        Assert.Single(ids);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    public async Task A_semaphore_names_the_first_hundred_who_wait_and_counts_them_all(int waiting)
    {
        AsyncSemaphore.Permit held = await _semaphore.AcquireAsync(TestContext.Current.CancellationToken);
        Task<AsyncSemaphore.Permit>[] waits = [.. Enumerable.Range(0, waiting).Select(_ => _semaphore.AcquireAsync(TestContext.Current.CancellationToken).AsTask())];

        TaskTreeNode semaphore = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((100, waiting), (semaphore.Waiters.Count, semaphore.Waiting));
        Assert.All(semaphore.Waiters, static waiter => Assert.Equal("?", waiter));
        held.Dispose();
        foreach (Task<AsyncSemaphore.Permit> wait in waits)
        {
            (await wait.Guarded()).Dispose();
        }
    }

    [Fact]
    public async Task Children_over_the_limit_are_listed_behind_those_that_run()
    {
        var release = new Gate();
        var there = new Gate();
        Task run = TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, group =>
        {
            group.Start(_ => { there.Open(); return release.Opened; });
            group.Start(new ChildOptions { Name = "second" }, _ => release.Opened);
            group.Start(new ChildOptions { Name = "third" }, _ => release.Opened);
            return Task.CompletedTask;
        });
        await there.Reached();

        TaskTreeNode group = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((TaskTreeState.Joining, 1, 2), (group.State, group.Running, group.Waiting));
        Assert.Equal([TaskTreeState.Running, TaskTreeState.WaitingForLimit, TaskTreeState.WaitingForLimit], group.Children.Select(static child => child.State));
        Assert.Equal(["second", "third"], group.Children.Skip(1).Select(static child => child.Name));

        TaskTreeSnapshot cut = TaskTree.Capture(2);
        Assert.Equal((2, 2, 4), (cut.Nodes.Count, cut.LeftOut, cut.Total));
        Assert.Equal(2, cut.Roots[0].LeftOut);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task Children_over_the_limit_are_gone_from_a_group_that_is_canceled()
    {
        var release = new Gate();
        var there = new Gate();
        Task run = TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 1 }, async group =>
        {
            var begun = new Gate();
            group.Start(_ => { begun.Open(); return release.Opened; });
            group.Start(new ChildOptions { Name = "dropped" }, _ => release.Opened);
            await begun.Opened;
            group.Cancel();
            there.Open();
        });
        await there.Reached();

        TaskTreeNode group = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((1, 0, 0), (group.Running, group.Waiting, group.LeftOut));
        Assert.Equal(TaskTreeState.Canceling, Assert.Single(group.Children).State);
        release.Open();
        await run.Ended();
    }

    [Fact]
    public async Task An_item_that_waits_for_a_rate_limiter_says_so_until_it_has_its_permit()
    {
        using var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 10 });
        Gate[] begun = [new(), new()];
        Gate[] release = [new(), new()];
        Task run = GatherBehind(limiter, begun, release);
        await Waiting.Until(static () => TaskTree.Capture().Roots[0].Waiting == 1);

        TaskTreeNode gather = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((1, "2 read"), (gather.Waiting, gather.Detail));
        Assert.Equal([("item 0", TaskTreeState.Running), ("item 1", TaskTreeState.WaitingForPermit)], gather.Children.Select(static item => (item.Name, item.State)).Order());

        release[0].Open();
        await begun[1].Reached();
        gather = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal(0, gather.Waiting);
        Assert.Equal(TaskTreeState.Running, Assert.Single(gather.Children, static item => item.Name == "item 1").State);
        release[1].Open();
        await run.Guarded();
    }

    [Fact]
    public async Task An_item_that_a_rate_limiter_refuses_waits_no_more()
    {
        using var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 10 });
        var release = new Gate();
        Task run = GatherBehind(limiter, [new(), new()], [release, new()]);
        await Waiting.Until(static () => TaskTree.Capture().Roots[0].Waiting == 1);
        await limiter.DisposeAsync();
        await Waiting.Until(static () => TaskTree.Capture().Roots[0].Children is [{ Name: "item 0" }]);

        Assert.Equal(0, Assert.Single(TaskTree.Capture().Roots).Waiting);
        release.Open();
        await run.OnlyFailure();
    }

    [Fact]
    public async Task An_item_that_waits_for_a_semaphore_says_so_as_a_child_does()
    {
        using IDisposable on = TaskTree.Enable();
        AsyncSemaphore.Permit held = await _semaphore.AcquireAsync(TestContext.Current.CancellationToken);
        Task run = Gather.ForEachAsync([0], 1, async (_, ct) => (await _semaphore.AcquireAsync(ct)).Dispose(), CancellationToken.None);
        await Waiting.Until(() => _semaphore.WaitingCount == 1);

        TaskTreeSnapshot tree = TaskTree.Capture();
        TaskTreeNode item = Assert.Single(tree.Roots[0].Children);
        Assert.Equal((TaskTreeNodeKind.Item, TaskTreeState.WaitingForPermit, tree.Roots[1].Id), (item.Kind, item.State, item.WaitsFor));
        held.Dispose();
        await run.Guarded();
    }

    [Fact]
    public async Task What_was_canceled_says_why_until_it_has_ended()
    {
        var release = new Gate();
        var there = new Gate();
        using var caller = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(
            group =>
            {
                group.Start(_ => { there.Open(); return release.Opened; });
                return Task.CompletedTask;
            },
            caller.Token);
        await there.Reached();
        await caller.CancelAsync();

        TaskTreeNode group = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((TaskTreeState.Canceling, CancellationReason.Caller), (group.State, group.CancellationReason));
        Assert.Equal((TaskTreeState.Canceling, CancellationReason.Caller), (group.Children[0].State, group.Children[0].CancellationReason));
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task An_item_that_ignores_its_cancellation_says_why_it_should_end()
    {
        var release = new Gate();
        var there = new Gate();
        using var caller = new CancellationTokenSource();
        Task run = Gather.ForEachAsync([0], 1, (_, _) => { there.Open(); return release.Opened; }, caller.Token);
        await there.Reached();
        await caller.CancelAsync();

        TaskTreeNode gather = Assert.Single(TaskTree.Capture().Roots);
        TaskTreeNode item = Assert.Single(gather.Children);
        Assert.Equal((TaskTreeState.Canceling, CancellationReason.Caller), (gather.State, gather.CancellationReason));
        Assert.Equal((TaskTreeState.Canceling, CancellationReason.Caller), (item.State, item.CancellationReason));
        release.Open();
        await run.Ended();
    }

    [Fact]
    public async Task What_was_canceled_and_waits_for_a_semaphore_all_the_same_says_both()
    {
        using IDisposable on = TaskTree.Enable();
        using var caller = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await _semaphore.AcquireAsync(TestContext.Current.CancellationToken);
        Task run = TaskGroup.RunAsync(
            group =>
            {
                group.Start(async _ => (await _semaphore.AcquireAsync(CancellationToken.None)).Dispose());
                return Task.CompletedTask;
            },
            caller.Token);
        await Waiting.Until(() => _semaphore.WaitingCount == 1);
        await caller.CancelAsync();

        TaskTreeSnapshot tree = TaskTree.Capture();
        TaskTreeNode child = Assert.Single(tree.Roots[0].Children);
        Assert.Equal((TaskTreeState.Canceling, tree.Roots[1].Id), (child.State, child.WaitsFor));
        held.Dispose();
        await run.Guarded();
    }

    [Fact]
    public async Task A_child_whose_own_token_was_canceled_is_the_only_one_that_is_being_canceled()
    {
        var release = new Gate();
        var there = new Gate(2);
        using var own = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(new ChildOptions { Name = "given up", CancellationToken = own.Token }, _ => { there.Open(); return release.Opened; });
            group.Start(new ChildOptions { Name = "wanted" }, _ => { there.Open(); return release.Opened; });
            return Task.CompletedTask;
        });
        await there.Reached();
        await own.CancelAsync();

        TaskTreeNode group = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal(CancellationReason.None, group.CancellationReason);
        Assert.Equal(
            [("given up", TaskTreeState.Canceling, CancellationReason.Caller), ("wanted", TaskTreeState.Running, CancellationReason.None)],
            group.Children.Select(static child => (child.Name, child.State, child.CancellationReason)).Order());
        release.Open();
        await run.Guarded();
    }

    // Two items, of which the second one comes when the first one has its permit.
    private static Task GatherBehind(RateLimiter limiter, Gate[] begun, Gate[] release)
    {
        return Gather.ForEachAsync(
            InTurnAsync(),
            new GatherOptions { MaxConcurrency = 2, RateLimiter = limiter },
            (item, _) => { begun[item].Open(); return release[item].Opened; },
            CancellationToken.None);

        async IAsyncEnumerable<int> InTurnAsync()
        {
            yield return 0;
            await begun[0].Opened;
            yield return 1;
        }
    }
}
