using System.Text.Json;
using Async.Toolkit;
using Harvest.Catalogue;

namespace Harvest.Client;

/// <summary>The sources that a harvest into a file can have.</summary>
internal static class RecordSources
{
    /// <summary>The catalogue of the server that runs in this process.</summary>
    public static RecordSource<TypeRecord> Here(CatalogueClient client, Uri address, RuntimeSummary summary, PageStyle style, ClientSettings settings) =>
        new(
            $"{summary.Types} types of {summary.Runtime} by {style.ToString().ToLowerInvariant()}, {settings.PageSize} a page",
            client.Types(style, settings),
            CatalogueJson.Default.TypeRecord)
        {
            Expected = summary.Types,
            MovingAddress = style == PageStyle.Link ? address : null,
        };

    /// <summary>Any API whose pages are JSON arrays and whose Link headers lead from page to page.</summary>
    public static RecordSource<JsonElement> Elsewhere(HttpClient http, Uri first, ClientSettings settings) =>
        new(first.AbsoluteUri, Paging.ByLink(http, first, AnyJson.Default.JsonElementArray).Prefetch(settings.Prefetch), AnyJson.Default.JsonElement);
}
