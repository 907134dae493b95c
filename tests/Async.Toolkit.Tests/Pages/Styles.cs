using System.Globalization;

namespace Async.Toolkit.Tests.Pages;

/// <summary>One server, paged through in each of the styles.</summary>
internal static class Styles
{
    public static PageSequence<int> ByCursor(PageServer server) => Paging.ByCursor(async (cursor, token) =>
    {
        int page = cursor is null ? 0 : int.Parse(cursor.AsSpan(1), CultureInfo.InvariantCulture);
        int[] items = await server.FetchAsync(page, token);
        return new CursorPage<int>(items, page + 1 < server.Count ? $"c{page + 1}" : server.EndOfCursors);
    });

    public static PageSequence<int> ByLink(PageServer server) =>
        Paging.ByLink(LinkServer.ClientOf(server), LinkServer.First, LinkJson.Default.Int32Array);

    public static AddressablePageSequence<int> ByPageNumber(PageServer server) =>
        Paging.ByPageNumber<int>(PageServer.PageSize, async (page, token) => new(await server.FetchAsync(page - 1, token), server.Total));

    public static AddressablePageSequence<int> ByOffset(PageServer server) =>
        Paging.ByOffset<int>(PageServer.PageSize, async (offset, token) => new(await server.FetchAsync((int)(offset / PageServer.PageSize), token), server.Total));
}
