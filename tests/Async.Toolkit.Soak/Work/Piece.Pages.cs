using System.Globalization;

namespace Async.Toolkit.Soak.Work;

internal sealed partial class Piece
{
    private const int ItemsPerPage = 5;

    private async Task PagesAsync(Dice dice, CancellationToken token)
    {
        int pages = dice.Number(1, 8);
        int failsAt = dice.OneIn(4) ? dice.Number(0, pages - 1) : -1;
        int leavesAfter = dice.OneIn(3) ? dice.Number(0, pages * ItemsPerPage) : int.MaxValue;
        ledger.Under($"pages, fails at {failsAt} of {pages}, leaves after {leavesAfter}");
        int inside = 0;
        PageSequence<int> sequence = dice.Number(0, 2) switch
        {
            0 => Paging.ByCursor(ByCursorAsync),
            1 => Several(Paging.ByPageNumber(ItemsPerPage, 0, ByNumberAsync)),
            _ => Several(Paging.ByOffset(ItemsPerPage, (offset, ct) => ByNumberAsync((int)(offset / ItemsPerPage), ct))),
        };
        sequence = (dice.OneIn(2) ? sequence.Prefetch(dice.Number(1, 3)) : sequence).LogTo(ledger);
        Task loop = LoopAsync();
        await SwallowAsync(loop);
        if (inside != 0)
        {
            ledger.Broken($"{inside} fetches still ran when the loop over the pages had ended.");
        }

        await ledger.JoinAsync(loop, token);

        AddressablePageSequence<int> Several(AddressablePageSequence<int> addressable) =>
            dice.OneIn(2) ? addressable.Concurrency(dice.Number(1, 4)) : addressable;

        async Task LoopAsync()
        {
            int expected = 0;
            await foreach (int item in sequence.WithCancellation(token))
            {
                if (item != expected++)
                {
                    ledger.Broken($"Item {item} of a page sequence came where {expected - 1} was due.");
                }

                if (expected > leavesAfter)
                {
                    return;
                }
            }

            if (expected != pages * ItemsPerPage)
            {
                ledger.Broken($"A page sequence of {pages} pages ended after {expected} items.");
            }
        }

        async Task<CursorPage<int>> ByCursorAsync(string? cursor, CancellationToken ct)
        {
            int page = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
            return new CursorPage<int>(await FetchAsync(page, ct), page + 1 == pages ? null : (page + 1).ToString(CultureInfo.InvariantCulture));
        }

        async Task<CountedPage<int>> ByNumberAsync(int page, CancellationToken ct) => new(await FetchAsync(page, ct));

        async Task<int[]> FetchAsync(int page, CancellationToken ct)
        {
            Interlocked.Increment(ref ledger.Counts.Pages);
            Interlocked.Increment(ref inside);
            try
            {
                Dice own = dice.Child(page);
                await (own.OneIn(2) ? Task.Delay(own.Milliseconds(2), ct) : YieldAsync(own.Number(0, 2)));
                return page == failsAt ? throw ledger.Plant($"the fetch of page {page}")
                    : page < pages ? [.. Enumerable.Range(page * ItemsPerPage, ItemsPerPage)]
                    : [];
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        }
    }
}
