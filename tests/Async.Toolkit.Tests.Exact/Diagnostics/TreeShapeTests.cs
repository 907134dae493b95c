using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>Who stands under whom, while the tree is on and while it is off. Here, where no other test turns it on.</summary>
public sealed partial class TreeShapeTests : IDisposable
{
    private readonly Gate _release = new();
    private readonly List<Task> _running = [];

    private Task Released => _release.Opened;

    public void Dispose()
    {
        _release.Open();
        Task.WhenAll(_running).Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.Empty(TaskTree.Capture().Nodes);
    }

    [Fact]
    public async Task While_it_is_off_groups_are_found_by_their_token_and_children_by_name()
    {
        await Run("outer", async (group, there) =>
        {
            var begun = new Gate();
            group.Start(_ => Begun(begun));
            await begun.Opened;
            await RunInner("inner", there, group.CancellationToken);
        });

        TaskTreeNode outer = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal(("outer", 1, TaskTreeNodeKind.Group), (outer.Name, outer.Running, outer.Kind));
        Assert.NotNull(outer.Age);
        Assert.Collection(
            outer.Children,
            child => Assert.Equal(("_ => Begun(begun)", null, null, TaskTreeNodeKind.Child), (child.Name, child.Id, child.Age, child.Kind)),
            inner => Assert.Equal(("inner", outer.Id), (inner.Name, inner.ParentId)));
        Assert.EndsWith($"{nameof(TreeShapeTests)}.cs", outer.Children[0].File, StringComparison.Ordinal);
        Assert.True(outer.Children[0].Line > 0);
    }

    [Fact]
    public async Task While_it_is_on_a_group_stands_under_the_child_that_opened_it_whatever_its_token_and_however_late()
    {
        using IDisposable on = TaskTree.Enable();
        await Run("outer", async (group, there) =>
        {
            var begun = new Gate();
            group.Start(_ => Begun(begun));
            await begun.Opened;
            group.Start(async _ =>
            {
                await Task.Yield();
                await Task.Run(static () => { }, CancellationToken.None);
                await RunInner("inner", there, CancellationToken.None);
            });
            await Released;
        });

        TaskTreeNode outer = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal(2, outer.Children.Count);
        Assert.Equal([$"{outer.Id}.1", $"{outer.Id}.2"], outer.Children.Select(static child => child.Id));
        Assert.Empty(outer.Children[0].Children);
        Assert.Equal("inner", Assert.Single(outer.Children[1].Children).Name);
        Assert.All(outer.Children, static child => Assert.NotNull(child.Age));
    }

    [Fact]
    public async Task A_group_that_tracks_its_children_does_so_while_the_tree_is_off()
    {
        await Run(new TaskGroupOptions { FollowChildren = true }, async (group, there) =>
        {
            group.Start(_ => RunInner("inner", there, CancellationToken.None));
            await Released;
        });

        Assert.False(TaskTree.IsEnabled);
        TaskTreeNode child = Assert.Single(Assert.Single(TaskTree.Capture().Roots).Children);
        Assert.NotNull(child.Id);
        Assert.Equal("inner", Assert.Single(child.Children).Name);
    }

    [Fact]
    public async Task A_child_from_before_the_tree_was_on_is_listed_without_a_number_and_those_after_it_with_one()
    {
        TaskGroup? outer = null;
        await Run("outer", (group, there) =>
        {
            outer = group;
            group.Start(_ => Begun(there));
            return Released;
        });
        using IDisposable on = TaskTree.Enable();
        var later = new Gate();
        outer!.Start(_ => Begun(later));
        await later.Reached();

        Assert.Equal([false, true], Assert.Single(TaskTree.Capture().Roots).Children.Select(static child => child.Id is not null));
    }

    [Fact]
    public async Task A_group_that_outlives_its_child_stands_under_nobody_elses_child()
    {
        using IDisposable on = TaskTree.Enable();
        var orphaned = new Gate();
        var begins = new Gate();
        Task orphan = Task.CompletedTask;
        await Run("outer", async (group, there) =>
        {
            await group.Run(_ => { orphan = Orphan(); return Task.CompletedTask; });

            // The node of the first child serves this one.
            group.Start(_ => Begun(there));
            await Released;
        });
        begins.Open();
        await orphaned.Reached();

        // A child's task ends a moment before the child is off the list.
        while (TaskTree.Capture().Nodes.Count(static node => node.Kind == TaskTreeNodeKind.Child) > 1)
        {
            await Task.Yield();
        }

        IReadOnlyList<TaskTreeNode> roots = TaskTree.Capture().Roots;
        Assert.Equal(["orphan", "outer"], roots.Select(static root => root.Name).Order());
        Assert.Empty(Assert.Single(roots, static root => root.Name == "outer").Children[0].Children);
        _running.Add(orphan);

        async Task Orphan()
        {
            await begins.Opened;
            await RunInner("orphan", orphaned, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Where_there_is_no_room_for_all_children_those_that_opened_groups_come_first()
    {
        using IDisposable on = TaskTree.Enable();
        await Run("outer", async (group, there) =>
        {
            var begun = new Gate(20);
            for (int i = 0; i < 20; i++)
            {
                int number = i;
                group.Start(new ChildOptions { Name = $"child {i}" }, _ => number == 17 ? RunInner("inner", begun, CancellationToken.None) : Begun(begun));
            }

            await begun.Opened;
            there.Open();
            await Released;
        });

        TaskTreeSnapshot tree = TaskTree.Capture(5);
        Assert.Equal((5, 17, 22), (tree.Nodes.Count, tree.LeftOut, tree.Total));
        Assert.Equal(3, tree.Roots[0].Children.Count);
        Assert.Equal("child 17", Assert.Single(tree.Nodes, static node => node.Children.Any(static below => below.Name == "inner")).Name);

        // Not even for the groups: the top is left.
        Assert.Equal("outer", Assert.Single(TaskTree.Capture(1).Nodes).Name);
        Assert.Equal(22, TaskTree.Capture(1).Total);
    }

    [Fact]
    public async Task A_worker_without_an_item_takes_no_room_and_is_not_counted()
    {
        var asked = new Gate();
        _running.Add(Gather.ForEachAsync(SlowAsync(), 4, async (_, _) => await asked.Opened, CancellationToken.None));
        await asked.Reached();

        // The worker of the first item comes to rest behind the one that waits for the source.
        TaskTreeSnapshot tree;
        do
        {
            await Task.Yield();
            tree = TaskTree.Capture();
        }
        while (tree.Nodes.Any(static node => node.Name == "item 0"));

        Assert.Equal((2, 2), (tree.Nodes.Count, tree.Total));
        TaskTreeSnapshot small = TaskTree.Capture(1);
        Assert.Equal((2, 1, 1), (small.Total, small.Roots[0].Running, small.Roots[0].LeftOut));
        Assert.Equal("the source", TaskTree.Capture(2).Nodes[^1].Name);

        async IAsyncEnumerable<int> SlowAsync()
        {
            yield return 0;
            asked.Open();
            await Released;
        }
    }

    [Fact]
    public async Task A_group_within_an_item_stands_under_the_item()
    {
        using IDisposable on = TaskTree.Enable();
        var there = new Gate(2);
        _running.Add(Gather.ForEachAsync(Enumerable.Range(0, 2), 2, async (item, _) => await RunInner($"of item {item}", there, CancellationToken.None), CancellationToken.None));
        await there.Reached();

        TaskTreeNode gather = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((TaskTreeNodeKind.Gather, 2), (gather.Kind, gather.Running));
        Assert.Equal([$"{gather.Id}.0", $"{gather.Id}.1"], gather.Children.Select(static item => item.Id));
        Assert.Equal(["of item 0", "of item 1"], gather.Children.Select(static item => Assert.Single(item.Children).Name));
        Assert.All(gather.Children, static item => Assert.NotNull(item.Age));
    }

    [Fact]
    public async Task A_stream_whose_loop_alone_was_given_a_token_stands_under_its_owner()
    {
        CancellationToken token = CancellationToken.None;
        await Run("owner", (group, there) =>
        {
            token = group.CancellationToken;
            return Begun(there);
        });
        var reading = new Gate();
        _running.Add(ReadAsync());
        await reading.Reached();

        Assert.Equal(TaskTreeNodeKind.Gather, Assert.Single(Assert.Single(TaskTree.Capture().Roots).Children).Kind);

        async Task ReadAsync()
        {
            await foreach (int _ in Gather.StreamAsync([1], 1, async (item, _) => { await Begun(reading); return item; }, CancellationToken.None).WithCancellation(token))
            {
            }
        }
    }

    [Fact]
    public async Task A_stream_that_was_given_two_tokens_stands_under_the_owner_of_the_first()
    {
        CancellationToken one = CancellationToken.None;
        CancellationToken two = CancellationToken.None;
        await Run("one", (group, there) =>
        {
            one = group.CancellationToken;
            return Begun(there);
        });
        await Run("two", (group, there) =>
        {
            two = group.CancellationToken;
            return Begun(there);
        });
        var reading = new Gate();
        _running.Add(ReadAsync());
        await reading.Reached();

        TaskTreeNode owner = Assert.Single(TaskTree.Capture().Roots, static root => root.Children.Count > 0);
        Assert.Equal(("one", TaskTreeNodeKind.Gather), (owner.Name, Assert.Single(owner.Children).Kind));

        async Task ReadAsync()
        {
            await foreach (int _ in Gather.StreamAsync([1], 1, async (item, _) => { await Begun(reading); return item; }, one).WithCancellation(two))
            {
            }
        }
    }

    private Task RunInner(string name, Gate there, CancellationToken token) =>
        TaskGroup.RunAsync(new TaskGroupOptions { Name = name }, async _ => await Begun(there), token);

    private Task Begun(Gate there)
    {
        there.Open();
        return Released;
    }

    private Task Run(string name, Func<TaskGroup, Gate, Task> body) => Run(new TaskGroupOptions { Name = name }, body);

    // Returns when the body has opened its gate and everything in it waits.
    private async Task Run(TaskGroupOptions options, Func<TaskGroup, Gate, Task> body)
    {
        var there = new Gate();
        _running.Add(TaskGroup.RunAsync(options, group => body(group, there)));
        await there.Reached();
    }
}
