using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

// What the workers of a gather are called, whatever they are at.
public sealed partial class TreeShapeTests
{
    [Fact]
    public async Task An_item_that_has_not_waited_yet_is_listed()
    {
        IReadOnlyList<TaskTreeNode> roots = [];
        await Gather.ForEachAsync([0], 1, (_, _) => { roots = TaskTree.Capture().Roots; return Task.CompletedTask; }, CancellationToken.None).Guarded();

        TaskTreeNode item = Assert.Single(Assert.Single(roots).Children);
        Assert.Equal(("item 0", TaskTreeNodeKind.Item, TaskTreeState.Running), (item.Name, item.Kind, item.State));
    }

    [Fact]
    public async Task A_source_that_is_at_work_is_named()
    {
        IReadOnlyList<TaskTreeNode> roots = [];
        await Gather.ForEachAsync(Looking(), 1, static (_, _) => Task.CompletedTask, CancellationToken.None).Guarded();

        Assert.Equal("the source", Assert.Single(Assert.Single(roots).Children).Name);

        IEnumerable<int> Looking()
        {
            roots = TaskTree.Capture().Roots;
            yield return 0;
        }
    }

    [Fact]
    public async Task A_stream_whose_consumer_takes_its_time_waits_for_room()
    {
        await using (IAsyncEnumerator<int> results = Gather.StreamAsync([0, 1, 2], 1, static (item, _) => Task.FromResult(item), CancellationToken.None).GetAsyncEnumerator(CancellationToken.None))
        {
            Assert.True(await results.MoveNextAsync());

            // Not the wait that has just come to its end, where it was the first result that the consumer was late for.
            await Waiting.Until(static () => TaskTree.Capture().Roots[0] is { Detail: "2 read", Children: [{ Name: "room for the next result" }] });
            Assert.Equal(1, TaskTree.Capture().Roots[0].Running);
        }
    }

    [Fact]
    public async Task Operations_of_different_types_are_told_by_their_numbers()
    {
        var there = new Gate(2);
        _running.Add(Gather.AllAsync(async _ => { await Begun(there); return 1; }, async _ => { await Begun(there); return "two"; }, CancellationToken.None));
        await there.Reached();

        TaskTreeNode gather = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((TaskTreeNodeKind.Gather, TaskTreeState.Running, 2), (gather.Kind, gather.State, gather.Running));
        Assert.Equal(["operation 1", "operation 2"], gather.Children.Select(static operation => operation.Name).Order());
    }
}
