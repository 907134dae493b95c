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
            Assert.False(queue.TryDequeue(out WaitingChild none, out bool behind) || behind);
            Assert.Equal(default, none);
        }

        Assert.Equal(count, next);
    }

    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(10, 0, 0)]
    [InlineData(10, 3, 4)]
    [InlineData(10_000, 0, 10_000)]
    [InlineData(10_000, 5_000, 10_000)]
    [InlineData(10_000, 0, 777)]
    [InlineData(10_000, 1_111, 777)]
    public void A_look_gives_the_oldest_and_takes_its_memory_before_it_holds_anybody_up(int added, int gone, int most)
    {
        var queue = new ChildQueue();
        for (int i = 0; i < added; i++)
        {
            queue.Enqueue(new WaitingChild(i, Origin));
        }

        int count = added - gone;
        for (int i = 0; i < gone; i++)
        {
            Assert.True(queue.TryDequeue(out _, out _));
        }

        List<WaitingChild> seen = queue.Peek(most, out int more);
        long taken = AllocatedBytes.Least(() => queue.Peek(most, out _));

        Assert.Equal(Enumerable.Range(gone, Math.Min(count, most)), seen.Select(static child => (int)child.Work));
        Assert.Equal(count - seen.Count, more);

        // The list and its array, made once: one that grows on the way has thrown others away.
        Assert.InRange(taken, 0, 100 + (seen.Count * 2 * IntPtr.Size));
    }

    [Fact]
    public void Bursts_of_a_few_hundred_again_and_again_allocate_nothing()
    {
        var queue = new ChildQueue();
        object work = new();
        Allocated(queue, work, bursts: 50, size: 300);
        Assert.Equal(0, Allocated(queue, work, bursts: 50, size: 300));
    }

    [Fact]
    public void What_a_large_burst_took_is_let_go_and_a_small_one_takes_little()
    {
        var queue = new ChildQueue();
        object work = new();
        Assert.InRange(Allocated(queue, work, bursts: 1, size: 20), 1, 100 + (32 * 2 * IntPtr.Size));
        long large = Allocated(queue, work, bursts: 1, size: 100_000);
        Assert.InRange(Allocated(queue, work, bursts: 1, size: 100_000), large * 9 / 10, large * 11 / 10);
    }

    [Fact]
    public async Task A_look_in_the_middle_of_the_traffic_sees_nobody_twice_and_all_in_order()
    {
        var queue = new ChildQueue();
        bool isOver = false;
        Task traffic = Task.Run(Pass, TestContext.Current.CancellationToken);
        try
        {
            for (int look = 0; look < 5_000; look++)
            {
                int[] seen = [.. queue.Peek(600, out int more).Select(static child => (int)child.Work)];
                Assert.True(more >= 0);

                // Who comes in behind the look, while it goes on to the next segment, may be left out.
                Assert.Equal(seen.Distinct().Order(), seen);
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await traffic.Guarded();
        }

        void Pass()
        {
            for (int next = 0; !Volatile.Read(ref isOver);)
            {
                for (int i = 0; i < 700; i++)
                {
                    queue.Enqueue(new WaitingChild(next++, Origin));
                }

                for (int i = 0; i < 700; i++)
                {
                    queue.TryDequeue(out _, out _);
                }
            }
        }
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

    private static long Allocated(ChildQueue queue, object work, int bursts, int size)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int burst = 0; burst < bursts; burst++)
        {
            for (int i = 0; i < size; i++)
            {
                queue.Enqueue(new WaitingChild(work, Origin));
            }

            while (queue.TryDequeue(out _, out _))
            {
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
