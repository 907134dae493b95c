using System.Diagnostics;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>Captures in the middle of everything: whatever comes and goes, each of them holds together.</summary>
public sealed class TreeStressTests
{
    [Fact]
    public async Task Every_capture_in_the_middle_of_a_crowd_holds_together_and_the_last_one_is_empty()
    {
        using var semaphore = new AsyncSemaphore(2);
        using var over = new CancellationTokenSource();
        Task[] crowd = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => ComeAndGoAsync(semaphore, over.Token), CancellationToken.None))];
        try
        {
            for (int look = 0; look < 400; look++)
            {
                // On for some of them, so that children of both kinds are there, and parents of either.
                using IDisposable? on = look % 3 == 0 ? TaskTree.Enable() : null;
                TaskTreeSnapshot tree = TaskTree.Capture(look % 5 == 0 ? 10 : 100_000);
                AssertHoldsTogether(tree);
                Assert.Equal(tree.Nodes.Count + 1, tree.ToString().Count(static c => c == '\n'));
                await Task.Yield();
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(crowd).Guarded();
        }

        Assert.Empty(TaskTree.Capture().Nodes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_item_is_one_item_however_fast_they_follow_each_other(bool isOn)
    {
        using IDisposable? on = isOn ? TaskTree.Enable() : null;
        using var over = new CancellationTokenSource();
        int done = 0;
        Task crowd = Gather.ForEachAsync(Enumerable.Range(0, int.MaxValue), new GatherOptions { Name = "crowd", MaxConcurrency = 2 }, (_, _) => { Interlocked.Increment(ref done); return ValueTask.CompletedTask; }, over.Token);
        try
        {
            var clock = Stopwatch.StartNew();
            for (int look = 0; look < 50_000 && clock.Elapsed < TimeSpan.FromSeconds(10); look++)
            {
                foreach (TaskTreeNode node in TaskTree.Capture().Nodes.Where(static node => node.Kind != TaskTreeNodeKind.Gather))
                {
                    Assert.Equal(TaskTreeNodeKind.Item, node.Kind);
                    Assert.True(node.Id is null || node.Name == $"item {node.Id.Split('.')[1]}", $"{node.Name} #{node.Id}");
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            await crowd.Ended();
        }
    }

    [Fact]
    public async Task A_worker_that_ends_meanwhile_is_not_taken_for_a_child()
    {
        using var over = new CancellationTokenSource();
        Task[] crowd = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => GatherAgainAndAgainAsync(over.Token), CancellationToken.None))];
        try
        {
            var clock = Stopwatch.StartNew();
            for (int look = 0; look < 200_000 && clock.Elapsed < TimeSpan.FromSeconds(10); look++)
            {
                Assert.All(TaskTree.Capture().Nodes, static node => Assert.NotEqual(TaskTreeNodeKind.Child, node.Kind));
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(crowd).Guarded();
        }

        static async Task GatherAgainAndAgainAsync(CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await Gather.ForEachAsync(Enumerable.Range(0, 4), 4, static async (_, _) => await Task.Yield(), CancellationToken.None);
            }
        }
    }

    private static void AssertHoldsTogether(TaskTreeSnapshot tree)
    {
        var seen = new Dictionary<string, TaskTreeNode>();
        foreach (TaskTreeNode node in tree.Nodes)
        {
            Assert.True(node.ParentId is null || seen.ContainsKey(node.ParentId));
            Assert.True(node.Id is null || seen.TryAdd(node.Id, node), $"#{node.Id} is there twice.");
        }

        Assert.Equal(tree.Nodes.Count, tree.Roots.Sum(Size));

        static int Size(TaskTreeNode node) => 1 + node.Children.Sum(Size);
    }

    private static async Task ComeAndGoAsync(AsyncSemaphore semaphore, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 3 }, async group =>
            {
                for (int i = 0; i < 6; i++)
                {
                    group.Start(async ct =>
                    {
                        using (await semaphore.AcquireAsync(ct))
                        {
                            await Task.Yield();
                        }

                        await TaskGroup.RunAsync(static async inner => await inner.Run(static async _ => await Task.Yield()), ct);
                    });
                }

                await Gather.ForEachAsync(Enumerable.Range(0, 20), 4, static async (_, _) => await Task.Yield(), group.CancellationToken);
                await foreach (int _ in Paging.ByPageNumber(1, static async (page, _) => { await Task.Yield(); return new CountedPage<int>([page], 3); }).Concurrency(2))
                {
                }
            }, CancellationToken.None);
        }
    }
}
