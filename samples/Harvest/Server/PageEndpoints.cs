using Harvest.Catalogue;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Harvest.Server;

/// <summary>Answers with all types, page by page, in the four styles that public APIs have.</summary>
internal sealed class PageEndpoints(TypeRecord[] types)
{
    /// <summary>A larger page than that is cut down to it without a word, as most APIs do.</summary>
    public const int LargestPage = 100;

    public async Task<IResult> ByPageAsync(int page, int size, CancellationToken aborted)
    {
        if (page < 1 || size < 1)
        {
            return Results.BadRequest();
        }

        size = Math.Min(size, LargestPage);
        return Results.Json(new CountedTypes(await TakeAsync((page - 1L) * size, size, aborted), types.Length), CatalogueJson.Default.CountedTypes);
    }

    // Does not tell the total: who pages by it learns the end from an empty page.
    public async Task<IResult> ByOffsetAsync(long offset, int limit, CancellationToken aborted) =>
        offset < 0 || limit < 1
            ? Results.BadRequest()
            : Results.Json(await TakeAsync(offset, limit, aborted), CatalogueJson.Default.TypeRecordArray);

    public async Task<IResult> ByCursorAsync(string? cursor, int limit, CancellationToken aborted)
    {
        if (limit < 1 || !Cursor.TryRead(cursor, out int start))
        {
            return Results.BadRequest();
        }

        TypeRecord[] page = await TakeAsync(start, limit, aborted);
        return Results.Json(new TypesAndCursor(page, CursorBehind(start, page)), CatalogueJson.Default.TypesAndCursor);
    }

    public async Task<IResult> ByLinkAsync(string? cursor, [FromQuery(Name = "per_page")] int? size, HttpContext http)
    {
        if (size < 1 || !Cursor.TryRead(cursor, out int start))
        {
            return Results.BadRequest();
        }

        TypeRecord[] page = await TakeAsync(start, size ?? LargestPage, http.RequestAborted);
        string address = $"{http.Request.Scheme}://{http.Request.Host}{Routes.ByLink}?per_page={size ?? LargestPage}";
        string first = $"<{address}>; rel=\"first\"";
        http.Response.Headers.Link = CursorBehind(start, page) is { } next ? $"<{address}&cursor={next}>; rel=\"next\", {first}" : first;
        return Results.Json(page, CatalogueJson.Default.TypeRecordArray);
    }

    private async Task<TypeRecord[]> TakeAsync(long start, int count, CancellationToken aborted)
    {
        int from = (int)Math.Min(start, types.Length);
        TypeRecord[] page = types[from..Math.Min(from + Math.Min(count, LargestPage), types.Length)];
        await Work.LookUpAsync(page.Length, aborted);
        return page;
    }

    private string? CursorBehind(int start, TypeRecord[] page) => start + page.Length < types.Length ? Cursor.Write(start + page.Length) : null;
}
