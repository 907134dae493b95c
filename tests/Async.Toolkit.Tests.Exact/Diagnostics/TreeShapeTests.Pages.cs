using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

// Loops over pages.
public sealed partial class TreeShapeTests
{
    [Fact]
    public async Task Pages_that_are_fetched_ahead_stand_under_their_loop()
    {
        var there = new Gate();
        _running.Add(ReadAsync());
        await there.Reached();

        TaskTreeNode pages = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((TaskTreeNodeKind.Pages, TaskTreeState.Running, "(cursor, _) => FetchAsync(cursor)"), (pages.Kind, pages.State, pages.Name));
        Assert.Equal(TaskTreeNodeKind.Group, Assert.Single(pages.Children).Kind);
        TaskTreeNode fetch = Assert.Single(pages.Children[0].Children);
        Assert.Equal((TaskTreeNodeKind.Child, pages.File, pages.Line), (fetch.Kind, fetch.File, fetch.Line));

        async Task ReadAsync()
        {
            await foreach (int _ in Paging.ByCursor((cursor, _) => FetchAsync(cursor)).Prefetch(2))
            {
            }
        }

        async ValueTask<CursorPage<int>> FetchAsync(string? cursor)
        {
            if (cursor is null)
            {
                return new CursorPage<int>([1], "next");
            }

            await Begun(there);
            return new CursorPage<int>([], null);
        }
    }

    [Fact]
    public async Task Pages_that_are_fetched_several_at_once_are_told_with_the_place_of_their_loop()
    {
        var there = new Gate(2);
        _running.Add(ReadAsync());
        await there.Reached();

        TaskTreeNode pages = Assert.Single(TaskTree.Capture().Roots);
        Assert.All(pages.Children[0].Children, fetch => Assert.Equal((pages.File, pages.Line), (fetch.File, fetch.Line)));
        Assert.EndsWith($"{nameof(TreeShapeTests)}.Pages.cs", pages.File, StringComparison.Ordinal);

        async Task ReadAsync()
        {
            await foreach (int _ in Paging.ByPageNumber<int>(1, FetchAsync).Concurrency(2))
            {
            }
        }

        async ValueTask<CountedPage<int>> FetchAsync(int page, CancellationToken cancellationToken)
        {
            await Begun(there);
            return new CountedPage<int>([], 0);
        }
    }

    [Fact]
    public async Task The_loop_that_is_busy_with_a_page_says_so()
    {
        var there = new Gate();
        _running.Add(ReadAsync());
        await there.Reached();
        Assert.Equal(TaskTreeState.Consuming, Assert.Single(TaskTree.Capture().Roots).State);

        async Task ReadAsync()
        {
            await foreach (int _ in Paging.ByCursor<int>((_, _) => ValueTask.FromResult(new CursorPage<int>([1], null))))
            {
                await Begun(there);
            }
        }
    }

    [Fact]
    public async Task Pages_that_are_fetched_ahead_stand_under_their_loop_and_that_under_the_child_it_runs_in()
    {
        using IDisposable on = TaskTree.Enable();
        var ahead = new Gate();
        await Run("outer", async (group, there) =>
        {
            group.Start(_ => ReadAsync());
            await ahead.Opened;
            there.Open();
        });

        TaskTreeNode child = Assert.Single(Assert.Single(TaskTree.Capture().Roots).Children);
        TaskTreeNode pages = Assert.Single(child.Children);
        Assert.Equal([TaskTreeNodeKind.Child, TaskTreeNodeKind.Pages, TaskTreeNodeKind.Group], [child.Kind, pages.Kind, Assert.Single(pages.Children).Kind]);

        async Task ReadAsync()
        {
            await foreach (int _ in Paging.ByCursor((_, _) => FetchAsync(ahead)).Prefetch(1))
            {
            }
        }
    }

    [Fact]
    public async Task A_loop_that_is_left_is_there_until_its_last_fetch_has_ended()
    {
        var there = new Gate();
        IAsyncEnumerator<int> pages = Paging
            .ByCursor((cursor, _) => cursor is null ? ValueTask.FromResult(new CursorPage<int>([0], "next")) : FetchAsync(there))
            .Prefetch(1)
            .GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await pages.MoveNextAsync());
        await there.Reached();
        Task leaving = pages.DisposeAsync().AsTask();

        Assert.False(leaving.IsCompleted);
        Assert.Equal(TaskTreeNodeKind.Pages, Assert.Single(TaskTree.Capture().Roots).Kind);
        _release.Open();
        await leaving.Guarded();
        Assert.Empty(TaskTree.Capture().Nodes);
    }

    [Fact]
    public async Task A_loop_that_was_canceled_says_so_until_its_fetch_has_ended()
    {
        using var caller = new CancellationTokenSource();
        var there = new Gate();
        Task loop = ReadAsync();
        await there.Reached();
        Assert.Equal(CancellationReason.None, Assert.Single(TaskTree.Capture().Roots).CancellationReason);
        await caller.CancelAsync();

        TaskTreeNode pages = Assert.Single(TaskTree.Capture().Roots);
        Assert.Equal((TaskTreeState.Canceling, CancellationReason.Caller, 1), (pages.State, pages.CancellationReason, pages.Running));
        _release.Open();
        await loop.Cancellation();

        async Task ReadAsync()
        {
            await foreach (int _ in Paging.ByCursor((_, _) => FetchAsync(there)).WithCancellation(caller.Token))
            {
            }
        }
    }

    // Its only page, which does not care for a cancellation.
    private async ValueTask<CursorPage<int>> FetchAsync(Gate there)
    {
        await Begun(there);
        return new CursorPage<int>([1], null);
    }
}
