using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace Async.Toolkit.Tests.Pages;

/// <summary>Answers requests without a network, as the test says.</summary>
internal sealed class LinkServer(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public static readonly Uri First = new("https://api.example/items");

    /// <summary>A client to whom <paramref name="server"/> speaks by Link headers with relative references.</summary>
    public static HttpClient ClientOf(PageServer server) => ClientOf(async (request, token) =>
    {
        string query = request.RequestUri!.Query;
        int page = query.Length == 0 ? 0 : int.Parse(query["?page=".Length..], System.Globalization.CultureInfo.InvariantCulture);
        int[] items = await server.FetchAsync(page, token);
        return Reply(request, items, page + 1 < server.Count ? $"<?page={page + 1}>; rel=\"next\", </items>; rel=first" : null);
    });

    public static HttpClient ClientOf(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => new(new LinkServer(answer));

    public static HttpResponseMessage Reply(HttpRequestMessage request, int[] items, params string?[] links)
    {
        var reply = new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Content = JsonContent.Create(items, LinkJson.Default.Int32Array),
        };
        foreach (string? link in links)
        {
            if (link is not null)
            {
                reply.Headers.TryAddWithoutValidation("Link", link);
            }
        }

        return reply;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
}

internal sealed record Envelope(int[]? Products);

[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(Envelope))]
internal sealed partial class LinkJson : JsonSerializerContext;
