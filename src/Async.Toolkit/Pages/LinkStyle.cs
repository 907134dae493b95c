using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace Async.Toolkit.Pages;

/// <summary>Each response names the next page in its <c>Link</c> header.</summary>
internal sealed class LinkStyle<TReply, T>(HttpClient client, Uri first, JsonTypeInfo<TReply> shape, Func<TReply, IReadOnlyList<T>?> itemsOf, Func<Uri, bool>? mayFollow)
    : PageStyle<T>
{
    public override PageKey First => PageKey.Of(first.AbsoluteUri);

    /// <exception cref="ArgumentException">It is no URI that a client can ask.</exception>
    public static Uri Absolute(HttpClient client, Uri first)
    {
        Uri? absolute = first.IsAbsoluteUri ? first : client.BaseAddress is { } address ? new Uri(address, first) : null;
        return absolute is not null && IsHttp(absolute)
            ? absolute
            : throw new ArgumentException($"'{first}' is no http or https URI, and the client has no base address that would make it one.", nameof(first));
    }

    public override PageKey Parse(string continuation)
    {
        if (!Uri.TryCreate(continuation, UriKind.Absolute, out Uri? uri) || !IsHttp(uri))
        {
            throw new ArgumentException($"'{continuation}' is no continuation of this sequence: an absolute http or https URI was expected.", nameof(continuation));
        }

        return MayFollow(uri) ? PageKey.Of(uri.AbsoluteUri) : throw new ArgumentException($"The continuation leads to {ForeignOrigin(uri)}", nameof(continuation));
    }

    public override Task? Begin(PageKey page, out PageReply<T> reply, CancellationToken cancellationToken)
    {
        reply = default;
        return FetchAsync(new Uri(page.Text!), cancellationToken);
    }

    public override PageReply<T> ReplyOf(Task succeeded) => ((Task<PageReply<T>>)succeeded).Result;

    public override PageKey? Next(PageKey page, PageReply<T> reply) => reply.Next is null ? null : PageKey.Of(reply.Next);

    private async Task<PageReply<T>> FetchAsync(Uri page, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync(page, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();

        // The URI that answered in the end: it is the one that relative references refer to.
        Uri? next = FindNext(response.Headers, response.RequestMessage?.RequestUri ?? page);
        TReply? reply = await response.Content.ReadFromJsonAsync(shape, cancellationToken).ConfigureAwait(false);
        return new PageReply<T>(reply is null ? null : itemsOf(reply), next?.AbsoluteUri, null);
    }

    private Uri? FindNext(HttpResponseHeaders headers, Uri answered)
    {
        // Several Link headers are one list that was cut in pieces.
        if (!headers.NonValidated.TryGetValues("Link", out HeaderStringValues values) || LinkHeader.FindNext(string.Join(", ", values), answered) is not { } next)
        {
            return null;
        }

        return MayFollow(next) ? next : throw new PagingException($"The Link header with rel=\"next\" leads to {ForeignOrigin(next)}");
    }

    // The client's headers, credentials among them, go wherever it is sent.
    private bool MayFollow(Uri target) =>
        IsHttp(target)
        && (Uri.Compare(target, first, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0 || mayFollow?.Invoke(target) == true);

    private static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    private string ForeignOrigin(Uri target) =>
        $"{Origin(target)}, while the first page is at {Origin(first)}. It is not followed, because the client's credentials would go there too; allow it with 'mayFollow' if that is meant.";

    private static string Origin(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.SafeUnescaped);
}
