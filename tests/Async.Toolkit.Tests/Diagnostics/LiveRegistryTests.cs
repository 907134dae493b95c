using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>The list of what runs, while many threads come and go.</summary>
public sealed class LiveRegistryTests
{
    [Fact]
    public async Task What_stays_is_seen_once_by_every_look_while_others_come_and_go()
    {
        Node[] stays = [.. Enumerable.Range(0, 100).Select(static _ => new Node())];
        Array.ForEach(stays, LiveRegistry.Enter);
        bool isOver = false;
        Task[] crowd = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(ComeAndGo, TestContext.Current.CancellationToken))];
        try
        {
            for (int look = 0; look < 300; look++)
            {
                List<LiveNode> all = LiveRegistry.All();
                Assert.Equal(all.Count, all.Distinct().Count());
                Assert.Empty(stays.Except(all));
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await Task.WhenAll(crowd);
            Array.ForEach(stays, LiveRegistry.Leave);
        }

        Assert.Empty(LiveRegistry.All().OfType<Node>());
        Assert.Equal(stays.Length, stays.Select(static node => node.Id).Distinct().Count());

        void ComeAndGo()
        {
            while (!Volatile.Read(ref isOver))
            {
                Node[] some = [.. Enumerable.Range(0, 50).Select(static _ => new Node())];
                Array.ForEach(some, LiveRegistry.Enter);
                foreach (Node node in some.OrderBy(static node => node.Id % 7))
                {
                    LiveRegistry.Leave(node);
                }
            }
        }
    }

    [Fact]
    public async Task Those_who_come_and_go_on_one_list_leave_it_whole_and_keep_their_ids()
    {
        // The same remainder by any number of lists: one list.
        Node[] some = [.. Enumerable.Range(0, 2000).Select(static _ => new Node())];
        Array.ForEach(some, LiveRegistry.Enter);
        Node[] neighbours = [.. some.GroupBy(static node => node.Id % 64).MaxBy(static list => list.Count())!];
        Array.ForEach(some, LiveRegistry.Leave);
        long[] ids = [.. neighbours.Select(static node => node.Id)];
        Array.ForEach(neighbours, LiveRegistry.Enter);

        bool isOver = false;
        Task[] crowd = [.. Enumerable.Range(0, 4).Select(number => Task.Run(() => ComeAndGo(neighbours[number]), TestContext.Current.CancellationToken))];
        try
        {
            for (int look = 0; look < 3000; look++)
            {
                List<LiveNode> all = LiveRegistry.All();
                Assert.Equal(all.Count, all.Distinct().Count());
                Assert.Empty(neighbours.Skip(crowd.Length).Except(all));
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await Task.WhenAll(crowd).Guarded();
            Array.ForEach(neighbours, LiveRegistry.Leave);
        }

        Assert.Empty(LiveRegistry.All().OfType<Node>().Intersect(neighbours));
        Assert.Equal(ids, neighbours.Select(static node => node.Id));

        void ComeAndGo(Node node)
        {
            while (!Volatile.Read(ref isOver))
            {
                LiveRegistry.Leave(node);
                LiveRegistry.Enter(node);
            }
        }
    }

    private sealed class Node : LiveNode
    {
        public override void Describe(LiveView view) => view.Name = nameof(Node);
    }
}
