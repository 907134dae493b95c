using Async.Toolkit;
using Shared;

namespace Everything;

internal static class PagesOfItems
{
    public static async Task RunAsync(CancellationToken ct)
    {
        PageSequence<int> byCursor = Paging.ByCursor<int>(async (cursor, token) =>
        {
            await Task.Delay(1, token);
            int page = cursor is null ? 0 : cursor.Length;
            return new([page], page < 9 ? new string('x', page + 1) : null);
        });
        Expect.That(await CountAsync(byCursor.Prefetch(2), ct) == 10, "pages by cursor, fetched ahead");

        string? continuation = null;
        await foreach (Page<int> page in byCursor.Pages().WithCancellation(ct))
        {
            continuation = page.Continuation;
            break;
        }

        Expect.That(await CountAsync(byCursor.ResumeFrom(continuation!), ct) == 9, "a run goes on where it stopped");

        AddressablePageSequence<int> byNumber = Paging.ByPageNumber<int>(pageSize: 10, async (page, token) =>
        {
            await Task.Delay(1, token);
            return new([.. Enumerable.Range((page - 1) * 10, 10)], 95);
        });
        Expect.That(await CountAsync(byNumber.Concurrency(4).MaxPages(20), ct) == 100, "pages by number, several at once");

        AddressablePageSequence<int> byOffset = Paging.ByOffset<int>(pageSize: 10, async (offset, token) =>
        {
            await Task.Delay(1, token);
            return new([.. Enumerable.Range((int)offset, Math.Max(0, Math.Min(10, 95 - (int)offset)))]);
        });
        Expect.That(await CountAsync(byOffset, ct) == 95, "pages by offset");

        using var server = new LinkServer(pages: 5);
        using var http = new HttpClient(server) { BaseAddress = new Uri("http://example.test/") };
        Expect.That(await CountAsync(Paging.ByLink(http, new Uri("?1", UriKind.Relative), ItemJson.Default.ItemArray), ct) == 5, "pages by Link header");

        await Expect.ThrowsAsync<PagingException>(() => CountAsync(Paging.ByCursor<int>((_, _) => ValueTask.FromResult(new CursorPage<int>([1], "again"))), ct));
    }

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items, CancellationToken ct)
    {
        int count = 0;
        await foreach (T _ in items.WithCancellation(ct))
        {
            count++;
        }

        return count;
    }
}
