using System.Runtime.CompilerServices;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>The list of a group's children: who is on it, in which order, and what stays when they have gone.</summary>
public sealed class ChildRosterTests
{
    private const int MostFree = 256;

    private static readonly HashSet<LiveScope> Nobody = [];
    private static readonly Func<CancellationToken, ValueTask> Work = static _ => ValueTask.CompletedTask;

    private readonly ChildRoster _roster = new();
    private readonly TaskGroup _followed = TaskGroup.Open(new() { FollowChildren = true }, CancellationToken.None);
    private readonly TaskGroup _plain = TaskGroup.Open(null, CancellationToken.None);

    [Fact]
    public void Those_who_run_are_listed_in_the_order_of_their_starts_whatever_nodes_serve_them()
    {
        Child[] first = Rent(_followed, 5);
        _roster.Return(first[2]);
        _roster.Return(first[0]);
        Child[] second = Rent(_followed, 2);

        Assert.Equal([first[0], first[2]], second);
        Assert.Equal([2u, 4u, 5u, 6u, 7u], Numbers(10, Nobody, out int leftOut));
        Assert.Equal(0, leftOut);
    }

    [Theory]
    [InlineData(0, 9u)]
    [InlineData(2, 1u, 2u, 9u)]
    [InlineData(9, 1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 10u)]
    public void Who_is_wanted_is_listed_whatever_room_there_is_and_takes_none_of_it(int most, params uint[] listed)
    {
        Child[] children = Rent(_followed, 10);
        Assert.Equal(listed, Numbers(most, new HashSet<LiveScope> { children[8].Live! }, out int leftOut));
        Assert.Equal(10 - listed.Length, leftOut);
    }

    [Fact]
    public void Those_who_are_called_are_counted_when_they_are()
    {
        _roster.Rent(Waiting(_plain), isCalled: true);
        _roster.Rent(Waiting(_plain), isCalled: false);
        Assert.Equal(1, _roster.Called);
        _roster.CountCall();
        Assert.Equal(2, _roster.Called);
    }

    [Theory]
    [InlineData("as they came")]
    [InlineData("the last one first")]
    [InlineData("those in the middle first")]
    [InlineData("every other one first")]
    public async Task Only_so_many_free_nodes_stay_and_the_list_is_whole_all_the_same(string order)
    {
        WeakReference[] nodes = RentAndReturn(order);
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (nodes.Count(static node => node.IsAlive) > MostFree)
        {
            guard.Token.ThrowIfCancellationRequested();
            GC.Collect();
            await Task.Yield();
        }

        Assert.Equal(MostFree, nodes.Count(static node => node.IsAlive));
        Assert.Empty(_roster.Running(1000, Nobody, withIdle: true, out _));
        Child[] again = Rent(_plain, 600);
        Assert.Equal(600, again.Distinct().Count());
        Assert.Equal(600, _roster.Running(1000, Nobody, withIdle: true, out int leftOut).Count);
        Assert.Equal(0, leftOut);
    }

    [Fact]
    public void A_look_takes_the_memory_that_it_needs_and_takes_it_before_it_holds_anybody_up()
    {
        Child[] children = Rent(_plain, 10_000);

        // The list, and what it takes to put it in order: one that grows on the way has thrown others away.
        Assert.InRange(AllocatedBytes.Least(() => Look(20_000, children.Length)), 0, children.Length * 4 * 3 * IntPtr.Size);

        Array.ForEach(children, _roster.Return);
        Rent(_plain, 1);
        Assert.InRange(AllocatedBytes.Least(() => Look(20_000, 1)), 0, 1000 + (MostFree * 3 * IntPtr.Size));
    }

    private static WaitingChild Waiting(TaskGroup group) => new(Work, new ChildOrigin(group.Core, null, CallerSite.Given("child", "", 0)));

    private Child[] Rent(TaskGroup group, int count) => [.. Enumerable.Range(0, count).Select(_ => _roster.Rent(Waiting(group), isCalled: true))];

    private uint[] Numbers(int most, HashSet<LiveScope> wanted, out int leftOut) =>
        [.. _roster.Running(most, wanted, withIdle: false, out leftOut).Select(static child => child.Live!.Number)];

    private void Look(int most, int seen) => Assert.Equal(seen, _roster.Running(most, Nobody, withIdle: false, out _).Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] RentAndReturn(string order)
    {
        Child[] children = Rent(_plain, 600);
        WeakReference[] nodes = [.. children.Select(static child => new WeakReference(child))];
        foreach (int index in Enumerable.Range(0, children.Length).OrderBy(index => order switch
        {
            "as they came" => 0,
            "the last one first" => -index,
            "those in the middle first" => index is >= 100 and < 400 ? 0 : 1,
            _ => index % 2,
        }))
        {
            _roster.Return(children[index]);
        }

        return nodes;
    }
}
