using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code of docs/asyncio.md, run as it stands.</summary>
public sealed class AsyncioSnippets
{
    private readonly string[] _urls = ["a", "b", "c"];
    private readonly List<string> _shown = [];

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recipe()
    {
        CancellationToken cancellationToken = TestToken;
        const string url = "a";

        // snippet: asyncio-lazy
        Func<CancellationToken, Task<string>> later = ct => FetchAsync(url, ct); // nothing has run
        Task<string> started = FetchAsync(url, cancellationToken);               // runs already
        string page = await TaskGroup.RunAsync(group => group.Run(later), cancellationToken);
        // end-snippet

        Assert.Equal(["page a", "page a"], [page, await started]);
    }

    [Fact]
    public async Task Computing()
    {
        CancellationToken cancellationToken = TestToken;
        static int CountPrimes(int below, CancellationToken ct) => ct.IsCancellationRequested ? 0 : below / 1_000;

        // snippet: asyncio-thread
        int primes = await TaskGroup.RunAsync(group => group.Run(ct => ValueTask.FromResult(CountPrimes(1_000_000, ct))), cancellationToken);
        // end-snippet

        Assert.Equal(1_000, primes);
    }

    [Fact]
    public async Task A_group()
    {
        CancellationToken cancellationToken = TestToken;

        // snippet: asyncio-group
        (string user, string cart) = await TaskGroup.RunAsync(async group =>
        {
            Task<string> loadUser = group.Run(ct => LoadUserAsync(ct));
            Task<string> loadCart = group.Run(ct => LoadCartAsync(ct));
            return (await loadUser, await loadCart); // inside the body already
        }, cancellationToken);
        // end-snippet

        Assert.Equal(("user", "cart"), (user, cart));
    }

    [Fact]
    public async Task Gathering()
    {
        CancellationToken cancellationToken = TestToken;
        string[] urls = _urls;

        // snippet: asyncio-gather
        string[] pages = await Gather.AllAsync(urls, (url, ct) => FetchAsync(url, ct), cancellationToken);
        Settled<string>[] outcomes = await Gather.SettledAsync(urls, (url, ct) => FetchAsync(url, ct), cancellationToken);
        // end-snippet

        Assert.Equal(["page a", "page b", "page c"], pages);
        Assert.Equal(pages, outcomes.Select(static outcome => outcome.Value));

        // snippet: asyncio-semaphore
        string[] polite = await Gather.AllAsync(urls, maxConcurrency: 3, (url, ct) => FetchAsync(url, ct), cancellationToken);
        // end-snippet

        Assert.Equal(pages, polite);
    }

    [Fact]
    public async Task A_tuple()
    {
        CancellationToken cancellationToken = TestToken;

        // snippet: asyncio-tuple
        (string user, int visits) = await Gather.AllAsync(ct => LoadUserAsync(ct), ct => CountVisitsAsync(ct), cancellationToken);
        // end-snippet

        Assert.Equal(("user", 3), (user, visits));
    }

    [Fact]
    public async Task A_stream()
    {
        CancellationToken cancellationToken = TestToken;
        string[] urls = _urls;

        // snippet: asyncio-stream
        await foreach (string next in Gather.StreamAsync(urls, maxConcurrency: 3, StreamOrder.Completion, (url, ct) => FetchAsync(url, ct), cancellationToken))
        {
            Show(next);
        }
        // end-snippet

        Assert.Equal(["page a", "page b", "page c"], _shown.Order());
    }

    [Fact]
    public async Task Limits()
    {
        CancellationToken cancellationToken = TestToken;
        string url = "a";
        static Task ConnectAsync(CancellationToken ct) => Task.CompletedTask;

        // snippet: asyncio-timeout
        await using (var limit = new AsyncTimeout(TimeSpan.FromSeconds(5), cancellationToken))
        {
            await ConnectAsync(limit.Token);
        }

        string page = await AsyncTimeout.RunAsync(TimeSpan.FromSeconds(5), ct => FetchAsync(url, ct), cancellationToken);
        // end-snippet

        Assert.Equal("page a", page);
    }

    [Fact]
    public async Task Pages()
    {
        static async Task<(string[] Items, string? Next)> ListAsync(string? cursor, CancellationToken ct)
        {
            await Task.Yield();
            return cursor is null ? (["one", "two"], "more") : (["three"], null);
        }

        // snippet: asyncio-pages
        PageSequence<string> issues = Paging.ByCursor<string>(async (cursor, ct) =>
        {
            (string[] items, string? next) = await ListAsync(cursor, ct);
            return new(items, next);
        });
        // end-snippet

        await foreach (string issue in issues.WithCancellation(TestToken))
        {
            Show(issue);
        }

        Assert.Equal(["one", "two", "three"], _shown);
    }

    private static async Task<string> LoadUserAsync(CancellationToken ct)
    {
        await Task.Yield();
        return "user";
    }

    private static async Task<string> LoadCartAsync(CancellationToken ct)
    {
        await Task.Yield();
        return "cart";
    }

    private static async Task<int> CountVisitsAsync(CancellationToken ct)
    {
        await Task.Yield();
        return 3;
    }

    private static async Task<string> FetchAsync(string url, CancellationToken ct)
    {
        await Task.Yield();
        return $"page {url}";
    }

    private void Show(string line) => _shown.Add(line);
}
