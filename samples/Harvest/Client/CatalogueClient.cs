using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Async.Toolkit;
using Harvest.Catalogue;
using Harvest.Server;

namespace Harvest.Client;

/// <summary>The catalogue's endpoints as methods. May be used by many callers at once.</summary>
internal sealed class CatalogueClient(HttpClient http)
{
    public Task<RuntimeSummary> SummaryAsync(CancellationToken cancellationToken) =>
        GetAsync("/", CatalogueJson.Default.RuntimeSummary, cancellationToken);

    public Task<NamespaceSummary[]> NamespacesAsync(CancellationToken cancellationToken) =>
        GetAsync("/namespaces", CatalogueJson.Default.NamespaceSummaryArray, cancellationToken);

    public Task<TypeRecord[]> TypesAsync(string @namespace, CancellationToken cancellationToken) =>
        GetAsync($"/namespaces/{Uri.EscapeDataString(@namespace)}/types", CatalogueJson.Default.TypeRecordArray, cancellationToken);

    /// <summary>All records, page by page in the given style.</summary>
    public PageSequence<TypeRecord> Types(PageStyle style, ClientSettings settings) => style switch
    {
        PageStyle.Page => TypesByPage(settings.PageSize).Prefetch(settings.Prefetch).Concurrency(settings.Concurrency),
        PageStyle.Offset => TypesByOffset(settings.PageSize).Prefetch(settings.Prefetch).Concurrency(settings.Concurrency),
        PageStyle.Cursor => TypesByCursor(settings.PageSize).Prefetch(settings.Prefetch),
        _ => TypesByLink(settings.PageSize).Prefetch(settings.Prefetch),
    };

    private AddressablePageSequence<TypeRecord> TypesByPage(int size) => Paging.ByPageNumber<TypeRecord>(size, async (page, ct) =>
    {
        CountedTypes reply = await GetAsync($"{Routes.ByPage}?page={page}&size={size}", CatalogueJson.Default.CountedTypes, ct);
        return new(reply.Items, reply.Total);
    });

    private AddressablePageSequence<TypeRecord> TypesByOffset(int size) => Paging.ByOffset<TypeRecord>(size, async (offset, ct) =>
        new(await GetAsync($"{Routes.ByOffset}?offset={offset}&limit={size}", CatalogueJson.Default.TypeRecordArray, ct)));

    private PageSequence<TypeRecord> TypesByCursor(int size) => Paging.ByCursor<TypeRecord>(async (cursor, ct) =>
    {
        string behind = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
        TypesAndCursor reply = await GetAsync($"{Routes.ByCursor}?limit={size}{behind}", CatalogueJson.Default.TypesAndCursor, ct);
        return new(reply.Items, reply.Next);
    });

    private PageSequence<TypeRecord> TypesByLink(int size) =>
        Paging.ByLink(http, new Uri($"{Routes.ByLink}?per_page={size}", UriKind.Relative), CatalogueJson.Default.TypeRecordArray);

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"GET {path} answered {(int)answer.StatusCode} {answer.ReasonPhrase}", inner: null, answer.StatusCode);
        }

        return await answer.Content.ReadFromJsonAsync(shape, cancellationToken)
            ?? throw new InvalidDataException($"GET {path} answered null");
    }
}
