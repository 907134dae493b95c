using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Shared;

namespace Nothing;

internal static class PagesOfItems
{
    public static async Task RunAsync(CancellationToken ct)
    {
        Func<string?, CancellationToken, Task<(IReadOnlyList<int> Items, string? Next)>> fetch = static async (cursor, token) =>
        {
            await Task.Delay(1, token);
            int page = cursor is null ? 0 : cursor.Length;
            return ([page], page < 9 ? new string('x', page + 1) : null);
        };
        Expect.That(await CountAsync(AheadAsync(ByCursorAsync(fetch, null, ct), 2, ct), ct) == 10, "pages by cursor, fetched ahead");
        Expect.That(await CountAsync(ByCursorAsync(fetch, "x", ct), ct) == 9, "a run goes on where it stopped");

        int numbered = 0;
        for (int page = 1; page <= 10; page += 4)
        {
            IReadOnlyList<int>[] several = await Task.WhenAll(Enumerable.Range(page, Math.Min(4, 11 - page)).Select(async one =>
            {
                await Task.Delay(1, ct);
                return (IReadOnlyList<int>)[.. Enumerable.Range((one - 1) * 10, 10)];
            }));
            numbered += several.Sum(static one => one.Count);
        }

        Expect.That(numbered == 100, "pages by number, several at once");
        Expect.That(await CountAsync(ByOffsetAsync(ct), ct) == 95, "pages by offset");

        using var server = new LinkServer(pages: 5);
        using var http = new HttpClient(server) { BaseAddress = new Uri("http://example.test/") };
        Expect.That(await CountAsync(ByLinkAsync(http, ct), ct) == 5, "pages by Link header");

        await Expect.ThrowsAsync<InvalidOperationException>(() => CountAsync(ByCursorAsync<int>(static (_, _) => Task.FromResult<(IReadOnlyList<int>, string?)>(([1], "again")), null, ct), ct));
    }

    private static async IAsyncEnumerable<T> ByCursorAsync<T>(Func<string?, CancellationToken, Task<(IReadOnlyList<T> Items, string? Next)>> fetch, string? start, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = start;
        do
        {
            (IReadOnlyList<T> items, cursor) = await fetch(cursor, ct);
            foreach (T item in items)
            {
                yield return item;
            }

            if (!string.IsNullOrEmpty(cursor) && !known.Add(cursor))
            {
                throw new InvalidOperationException($"The cursor '{cursor}' came twice.");
            }
        }
        while (!string.IsNullOrEmpty(cursor));
    }

    private static async IAsyncEnumerable<T> AheadAsync<T>(IAsyncEnumerable<T> items, int count, [EnumeratorCancellation] CancellationToken ct)
    {
        Channel<T> channel = Channel.CreateBounded<T>(count);
        Task reading = Task.Run(async () =>
        {
            try
            {
                await foreach (T item in items.WithCancellation(ct))
                {
                    await channel.Writer.WriteAsync(item, ct);
                }

                channel.Writer.Complete();
            }
            catch (Exception failure)
            {
                channel.Writer.Complete(failure);
            }
        }, CancellationToken.None);
        await foreach (T item in channel.Reader.ReadAllAsync(ct))
        {
            yield return item;
        }

        await reading;
    }

    private static async IAsyncEnumerable<int> ByOffsetAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (int offset = 0; ;)
        {
            await Task.Delay(1, ct);
            int[] items = [.. Enumerable.Range(offset, Math.Max(0, Math.Min(10, 95 - offset)))];
            if (items.Length == 0)
            {
                yield break;
            }

            foreach (int item in items)
            {
                yield return item;
            }

            offset += items.Length;
        }
    }

    private static async IAsyncEnumerable<Item> ByLinkAsync(HttpClient http, [EnumeratorCancellation] CancellationToken ct)
    {
        for (Uri? next = new("?1", UriKind.Relative); next is not null;)
        {
            using HttpResponseMessage response = await http.GetAsync(next, HttpCompletionOption.ResponseHeadersRead, ct);
            response.EnsureSuccessStatusCode();
            await using Stream body = await response.Content.ReadAsStreamAsync(ct);
            foreach (Item item in (await JsonSerializer.DeserializeAsync(body, ItemJson.Default.ItemArray, ct))!)
            {
                yield return item;
            }

            next = response.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? new Uri(links.First().Split('<', '>')[1], UriKind.Relative) : null;
        }
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
