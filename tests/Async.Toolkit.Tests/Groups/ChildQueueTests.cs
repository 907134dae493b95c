using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

public sealed class ChildQueueTests
{
    private static readonly ChildOrigin Origin = new(null!, null, CallerSite.OfSource("", "", 0));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    [InlineData(5, 5)]
    [InlineData(10_000, 10_000)]
    [InlineData(10_000, 7)]
    public void What_goes_in_comes_out_once_and_in_order(int count, int burst)
    {
        var queue = new ChildQueue();
        int next = 0;
        for (int added = 0; added < count;)
        {
            for (int i = 0; i < burst && added < count; i++)
            {
                queue.Enqueue(new WaitingChild(added++, Origin));
            }

            while (queue.TryDequeue(out WaitingChild child, out bool more))
            {
                Assert.Equal(next++, child.Work);
                Assert.Equal(next < added, more);
            }

            Assert.True(queue.IsEmpty);
        }

        Assert.Equal(count, next);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    [InlineData(10_000, 10_000)]
    [InlineData(10_000, 777)]
    public void A_look_gives_the_oldest_and_takes_its_memory_before_it_holds_anybody_up(int count, int most)
    {
        var queue = new ChildQueue();
        for (int i = 0; i < count; i++)
        {
            queue.Enqueue(new WaitingChild(i, Origin));
        }

        _ = queue.Peek(most, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        List<WaitingChild> seen = queue.Peek(most, out int more);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Enumerable.Range(0, Math.Min(count, most)), seen.Select(static child => (int)child.Work));
        Assert.Equal(count - seen.Count, more);

        // The list and its array, made once: one that grows on the way has thrown others away.
        Assert.InRange(taken, 0, 100 + (seen.Count * 2 * IntPtr.Size));
    }

    [Fact]
    public async Task Several_takers_see_every_child_once_and_each_in_the_order_of_each_adder()
    {
        const int Adders = 2;
        const int PerAdder = 200_000;
        var queue = new ChildQueue();
        int left = Adders * PerAdder;
        var takers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var seen = new List<(int Adder, int Number)>();
            while (Volatile.Read(ref left) > 0)
            {
                if (queue.TryDequeue(out WaitingChild child, out bool more))
                {
                    Interlocked.Decrement(ref left);
                    seen.Add(((int, int))child.Work);
                }
            }

            return seen;
        })).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Adders).Select(adder => Task.Run(() =>
        {
            for (int i = 0; i < PerAdder; i++)
            {
                queue.Enqueue(new WaitingChild((adder, i), Origin));
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        List<(int Adder, int Number)>[] taken = await Task.WhenAll(takers).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(Adders * PerAdder, taken.SelectMany(seen => seen).Distinct().Count());
        foreach (IGrouping<int, (int Adder, int Number)> line in taken.SelectMany(seen => seen.GroupBy(item => item.Adder)))
        {
            Assert.Equal(line.Select(item => item.Number).Order(), line.Select(item => item.Number));
        }
    }
}
