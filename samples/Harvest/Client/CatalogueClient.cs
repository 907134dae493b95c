using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Harvest.Catalogue;

namespace Harvest.Client;

/// <summary>The catalogue's endpoints as methods. May be used by many callers at once.</summary>
internal sealed class CatalogueClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    public Task<RuntimeSummary> SummaryAsync(CancellationToken cancellationToken) =>
        GetAsync("/", CatalogueJson.Default.RuntimeSummary, cancellationToken);

    public Task<NamespaceSummary[]> NamespacesAsync(CancellationToken cancellationToken) =>
        GetAsync("/namespaces", CatalogueJson.Default.NamespaceSummaryArray, cancellationToken);

    public Task<TypeRecord[]> TypesAsync(string @namespace, CancellationToken cancellationToken) =>
        GetAsync($"/namespaces/{Uri.EscapeDataString(@namespace)}/types", CatalogueJson.Default.TypeRecordArray, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
    {
        // The answer can be large: its head is enough to know whether it is one.
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"GET {path} answered {(int)answer.StatusCode} {answer.ReasonPhrase}", inner: null, answer.StatusCode);
        }

        return await answer.Content.ReadFromJsonAsync(shape, cancellationToken)
            ?? throw new InvalidDataException($"GET {path} answered null");
    }
}
