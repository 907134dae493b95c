using System.Net;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

public sealed class LinkTests
{
    private static readonly Uri First = LinkServer.First;

    [Fact]
    public async Task The_first_page_may_be_relative_to_the_clients_address()
    {
        var asked = new List<Uri>();
        using HttpClient client = Client(asked, (request, page) => Reply(request, page, page < 3 ? $"<more?{page}>; rel=next" : null));
        client.BaseAddress = new Uri("https://api.example/v2/");

        Assert.Equal([1, 2, 3], await Paging.ByLink(client, new Uri("items", UriKind.Relative), LinkJson.Default.Int32Array).Loop().Guarded());
        Assert.Equal(["https://api.example/v2/items", "https://api.example/v2/more?1", "https://api.example/v2/more?2"], asked.Select(static uri => uri.AbsoluteUri));
    }

    [Fact]
    public async Task Items_may_stand_inside_of_a_document()
    {
        using HttpClient client = LinkServer.ClientOf(static (request, _) =>
        {
            HttpResponseMessage reply = LinkServer.Reply(request, [], request.RequestUri!.Query.Length == 0 ? "<?b>; rel=next" : null);
            reply.Content = new StringContent(request.RequestUri.Query.Length == 0 ? """{"Products":[1,2]}""" : """{"Products":[3]}""");
            return Task.FromResult(reply);
        });

        Assert.Equal([1, 2, 3], await Paging.ByLink(client, First, LinkJson.Default.Envelope, static reply => reply.Products).Loop().Guarded());
    }

    [Fact]
    public async Task Several_Link_headers_are_one()
    {
        using HttpClient client = Client([], static (request, page) =>
            page == 1 ? LinkServer.Reply(request, [page], "</items>; rel=first", "<?2>; rel=next", "<?9>; rel=last") : Reply(request, page, null));

        Assert.Equal([1, 2], await Pages(client).Loop().Guarded());
    }

    [Fact]
    public async Task References_are_resolved_against_the_address_that_answered()
    {
        // What the handler does after a redirect: the message that was answered is another one than was sent.
        var asked = new List<Uri>();
        using HttpClient client = Client(asked, static (request, page) =>
        {
            if (page == 1)
            {
                request.RequestUri = new Uri("https://api.example/moved/here/items");
            }

            return Reply(request, page, page == 1 ? "<next>; rel=next" : null);
        });

        Assert.Equal([1, 2], await Pages(client).Loop().Guarded());
        Assert.Equal(new Uri("https://api.example/moved/here/next"), asked[1]);
    }

    [Theory]
    [InlineData("https://evil.example/items?token=secret")]
    [InlineData("//evil.example/items")]
    [InlineData("http://api.example/items")]
    [InlineData("https://api.example:8443/items")]
    [InlineData("https://api.example@evil.example/items")]
    [InlineData("https://sub.api.example/items")]
    [InlineData("ftp://api.example/items")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    public async Task A_link_to_another_scheme_host_or_port_is_not_followed(string target)
    {
        var asked = new List<Uri>();
        using HttpClient client = Client(asked, (request, page) => Reply(request, page, page == 1 ? "<?2>; rel=next" : $"<{target}>; rel=next"));
        var seen = new List<int>();

        var failure = Assert.IsType<PagingException>(await Pages(client).Loop(seen).OnlyFailure());

        Assert.Contains("while the first page is at https://api.example", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1], seen);
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_redirect_to_another_host_does_not_make_its_links_trusted()
    {
        var asked = new List<Uri>();
        using HttpClient client = Client(asked, static (request, page) =>
        {
            request.RequestUri = new Uri("https://evil.example/items");
            return Reply(request, page, "<?2>; rel=next");
        });

        Assert.IsType<PagingException>(await Pages(client).Loop().OnlyFailure());
        Assert.Single(asked);
    }

    [Theory]
    [InlineData("https://API.example/items?2")]
    [InlineData("https://api.example:443/items?2")]
    [InlineData("HTTPS://api.example/items?2")]
    public async Task The_same_host_written_differently_is_the_same(string target)
    {
        using HttpClient client = Client([], (request, page) => Reply(request, page, page == 1 ? $"<{target}>; rel=next" : null));

        Assert.Equal([1, 2], await Pages(client).Loop().Guarded());
    }

    [Fact]
    public async Task Another_host_is_followed_where_it_is_allowed_and_only_over_http()
    {
        var questions = new List<Uri>();
        using HttpClient client = Client([], static (request, page) =>
            Reply(request, page, page switch { 1 => "<https://mirror.example/items?2>; rel=next", 2 => "<https://api.example/items?3>; rel=next", _ => "<ftp://mirror.example/>; rel=next" }));
        PageSequence<int> pages = Paging.ByLink(client, First, LinkJson.Default.Int32Array, uri =>
        {
            questions.Add(uri);
            return uri.Host == "mirror.example";
        });
        var seen = new List<int>();

        Assert.IsType<PagingException>(await pages.Loop(seen).OnlyFailure());

        Assert.Equal([1, 2], seen);
        Assert.Equal([new Uri("https://mirror.example/items?2")], questions);
    }

    [Fact]
    public async Task A_header_that_cannot_be_read_ends_the_loop_behind_the_pages_before()
    {
        using HttpClient client = Client([], static (request, page) => Reply(request, page, page == 1 ? "<?2>; rel=next" : "?3; rel=next"));
        var seen = new List<int>();

        var failure = Assert.IsType<LinkHeaderException>(await Pages(client).Loop(seen).OnlyFailure());

        Assert.Equal("?3; rel=next", failure.Header);
        Assert.Equal([1], seen);
    }

    [Fact]
    public async Task A_status_that_is_no_success_ends_the_loop()
    {
        using HttpClient client = Client([], static (request, _) => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { RequestMessage = request });

        var failure = Assert.IsType<HttpRequestException>(await Pages(client).Loop().OnlyFailure());

        Assert.Equal(HttpStatusCode.TooManyRequests, failure.StatusCode);
    }

    [Theory]
    [InlineData("null", typeof(PagingException))]
    [InlineData("{}", typeof(System.Text.Json.JsonException))]
    [InlineData("[1,", typeof(System.Text.Json.JsonException))]
    public async Task A_document_that_is_none_ends_the_loop(string document, Type failure)
    {
        using HttpClient client = LinkServer.ClientOf((request, _) => Task.FromResult(new HttpResponseMessage { RequestMessage = request, Content = new StringContent(document) }));

        Assert.IsType(failure, await Pages(client).Loop().OnlyFailure());
    }

    [Fact]
    public async Task A_document_that_is_null_is_not_asked_for_its_items()
    {
        using HttpClient client = LinkServer.ClientOf(static (request, _) => Task.FromResult(new HttpResponseMessage { RequestMessage = request, Content = new StringContent("null") }));

        Assert.IsType<PagingException>(await Paging.ByLink(client, First, LinkJson.Default.Envelope, static reply => reply.Products).Loop().OnlyFailure());
    }

    [Fact]
    public async Task The_clients_own_time_limit_is_a_failure_and_no_cancellation()
    {
        using HttpClient client = LinkServer.ClientOf(static async (_, token) =>
        {
            await token.UntilCanceled();
            throw new InvalidOperationException("not reached");
        });
        client.Timeout = TimeSpan.FromMilliseconds(1);

        var failure = Assert.IsType<ChildCanceledException>(await Pages(client).Loop().OnlyFailure());

        Assert.IsType<TimeoutException>(failure.InnerException!.InnerException);
    }

    [Fact]
    public async Task A_continuation_is_the_absolute_address_of_the_next_page()
    {
        using HttpClient client = LinkServer.ClientOf(PageServer.Of(2));

        Page<int> first = await Pages(client).Pages().FirstAsync(TestContext.Current.CancellationToken).AsTask().Guarded();

        Assert.Equal("https://api.example/items?page=1", first.Continuation);
    }

    private static PageSequence<int> Pages(HttpClient client) => Paging.ByLink(client, First, LinkJson.Default.Int32Array);

    private static HttpResponseMessage Reply(HttpRequestMessage request, int page, string? link) => LinkServer.Reply(request, [page], link);

    // Numbers the requests from 1.
    private static HttpClient Client(List<Uri> asked, Func<HttpRequestMessage, int, HttpResponseMessage> reply)
    {
        int page = 0;
        return LinkServer.ClientOf((request, _) =>
        {
            asked.Add(request.RequestUri!);
            return Task.FromResult(reply(request, ++page));
        });
    }
}
