using System.Runtime.CompilerServices;
using Xunit;

namespace Async.Toolkit.Tests.Exact;

/// <summary>What an item costs beyond the loop that one writes by hand, over the very same pages of 100.</summary>
public sealed class PagingAllocations
{
    private const int Pages = 2_000;
    private const int ItemsPerPage = 100;
    private const int Items = Pages * ItemsPerPage;

    private static readonly int[] Page = new int[ItemsPerPage];
    private static readonly string[] Cursors = [.. Enumerable.Range(0, Pages).Select(static page => $"{page}")];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Items_by_cursor_cost_at_most_a_byte_more_than_by_hand(bool waits)
    {
        PageSequence<int> sequence = Paging.ByCursor((cursor, token) => FetchAsync(waits, cursor, token));

        await AssertAtMostAByteMore(ByHand(waits), sequence);
    }

    [Fact]
    public async Task Items_that_were_fetched_ahead_cost_at_most_a_byte_more_than_by_hand()
    {
        PageSequence<int> sequence = Paging.ByCursor((cursor, token) => FetchAsync(waits: true, cursor, token));

        await AssertAtMostAByteMore(ByHand(waits: true), sequence.Prefetch(2));
    }

    private static async Task AssertAtMostAByteMore(IAsyncEnumerable<int> byHand, IAsyncEnumerable<int> sequence)
    {
        long hand = await LeastOfALoop(byHand);
        long paged = await LeastOfALoop(sequence);

        Assert.True(paged - hand <= Items, $"{(paged - hand) / (double)Items:F2} bytes an item more than {hand / (double)Items:F2}.");
    }

    private static async IAsyncEnumerable<int> ByHand(bool waits, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            CursorPage<int> page = await FetchAsync(waits, cursor, cancellationToken).ConfigureAwait(false);
            foreach (int item in page.Items)
            {
                yield return item;
            }

            cursor = page.Next;
        }
        while (!string.IsNullOrEmpty(cursor));
    }

    private static async Task<CursorPage<int>> FetchAsync(bool waits, string? cursor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (waits)
        {
            await Task.Yield();
        }

        int page = cursor is null ? 0 : int.Parse(cursor, provider: null);
        return new CursorPage<int>(Page, page + 1 < Pages ? Cursors[page + 1] : null);
    }

    // The least of several rounds: what else the process does can only add.
    private static async Task<long> LeastOfALoop(IAsyncEnumerable<int> sequence)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            int count = 0;
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await foreach (int _ in sequence)
            {
                count++;
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            Assert.Equal(Items, count);
        }

        return least;
    }
}
