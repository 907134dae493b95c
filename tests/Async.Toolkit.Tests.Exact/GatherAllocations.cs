using Xunit;

namespace Async.Toolkit.Tests.Exact;

public sealed class GatherAllocations
{
    private const int Items = 200_000;

    private static readonly int[] Source = [.. Enumerable.Range(0, Items)];

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(100)]
    public async Task ForEachAsync_adds_at_most_four_bytes_an_item_to_a_sequential_loop(int limit)
    {
        long sequential = await Least(static async () =>
        {
            foreach (int item in Source)
            {
                await YieldAsync(item, CancellationToken.None);
            }
        });
        long gathered = await Least(() => Gather.ForEachAsync(Source, limit, YieldAsync, CancellationToken.None));

        Assert.True(gathered - sequential <= 4 * Items, $"{(gathered - sequential) / (double)Items:F2} bytes an item.");
    }

    [Fact]
    public async Task An_async_source_that_makes_its_reader_wait_costs_no_more()
    {
        long sequential = await Least(static async () =>
        {
            await foreach (int item in YieldingSource())
            {
                await YieldAsync(item, CancellationToken.None);
            }
        });
        long gathered = await Least(static () => Gather.ForEachAsync(YieldingSource(), 8, YieldAsync, CancellationToken.None));

        Assert.True(gathered - sequential <= 4 * Items, $"{(gathered - sequential) / (double)Items:F2} bytes an item.");
    }

    [Fact]
    public async Task AllAsync_without_a_limit_allocates_less_than_half_of_WhenAll_over_Task_Run()
    {
        long whenAll = await Least(static () => Task.WhenAll(Source.Select(static item => Task.Run(() => YieldedAsync(item, CancellationToken.None)))));
        long gathered = await Least(static () => Gather.AllAsync(Source, YieldedAsync, CancellationToken.None));

        Assert.True(gathered <= 0.45 * whenAll, $"{gathered / (double)whenAll:F2} of {whenAll / Items} bytes an item.");
    }

    [Fact]
    public async Task AllAsync_without_a_limit_allocates_at_most_a_fifth_more_than_WhenAll_where_all_items_wait_at_once()
    {
        long whenAll = await Least(static () => new Crowd().RunAsync(static crowd => Task.WhenAll(Source.Select(item => Task.Run(() => crowd.WaitAsync(item, CancellationToken.None))))));
        long gathered = await Least(static () => new Crowd().RunAsync(static crowd => Gather.AllAsync(Source, crowd.WaitAsync, CancellationToken.None)));

        // Every item keeps a worker then, and how many of those have to queue for the source depends on the pool: from 0.97 to 1.11 were seen.
        Assert.True(gathered <= 1.2 * whenAll, $"{gathered / Items} of {whenAll / Items} bytes an item.");
    }

    [Fact]
    public async Task The_heap_stays_flat_over_ten_million_items_of_an_endless_source()
    {
        const int Most = 10_000_000;
        using var enough = new CancellationTokenSource();
        long early = 0;
        long late = 0;
        Task call = Gather.ForEachAsync(Endless(), 8, (item, token) =>
        {
            switch (item)
            {
                case Most / 10:
                    early = GC.GetTotalMemory(forceFullCollection: true);
                    break;
                case Most:
                    late = GC.GetTotalMemory(forceFullCollection: true);
                    enough.Cancel();
                    break;
            }

            // Most end at once, some wait: both ways through a worker.
            return item % 100 == 0 ? YieldAsync(item, token) : default;
        }, enough.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        // Less than a bit for each item in between; the other items that run go on allocating meanwhile.
        Assert.InRange(late - early, long.MinValue, 1024 * 1024);
    }

    private static async ValueTask YieldAsync(int item, CancellationToken token) => await Task.Yield();

    private static async Task<int> YieldedAsync(int item, CancellationToken token)
    {
        await Task.Yield();
        return item;
    }

    private static async IAsyncEnumerable<int> YieldingSource()
    {
        for (int item = 0; item < Items; item++)
        {
            await Task.Yield();
            yield return item;
        }
    }

    private static IEnumerable<int> Endless()
    {
        for (int item = 0; ; item++)
        {
            yield return item;
        }
    }

    // The least of several rounds: what else the process does can only add.
    private static async Task<long> Least(Func<Task> call)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await call();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    /// <summary>Everybody waits until all are there.</summary>
    private sealed class Crowd
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _here;

        public Task RunAsync(Func<Crowd, Task> call) => call(this);

        public async Task<int> WaitAsync(int item, CancellationToken token)
        {
            if (Interlocked.Increment(ref _here) == Items)
            {
                _all.SetResult();
            }

            await _all.Task;
            return item;
        }
    }
}
