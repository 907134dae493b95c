using System.Threading.RateLimiting;
using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code that docs/gather.md shows, run as it stands.</summary>
public sealed class GatherSnippets
{
    // The code shown waits as its reader would, without a guard of its own.
    private const int GuardMilliseconds = 30_000;

    private static readonly Uri[] Urls = [.. Enumerable.Range(0, 10).Select(static index => new Uri($"http://host{index % 2}/{index}"))];

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Ten_requests_three_at_a_time()
    {
        var http = new Web();
        Uri[] urls = Urls;
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        // snippet: gather
        string[] bodies = await Gather.AllAsync(urls, maxConcurrency: 3, (url, ct) => http.GetStringAsync(url, ct), cancellationToken);
        // end-snippet

        Assert.Equal(urls.Select(static url => $"body of {url}"), bodies);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Different_types_at_once()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        static Task<string> GetUserAsync(int id, CancellationToken ct) => Task.FromResult($"user {id}");
        static Task<int> CountOrdersAsync(int id, CancellationToken ct) => Task.FromResult(id + 1);

        // snippet: gather-tuple
        var (user, orders) = await Gather.AllAsync(ct => GetUserAsync(1, ct), ct => CountOrdersAsync(1, ct), cancellationToken);
        // end-snippet

        Assert.Equal(("user 1", 2), (user, orders));
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Every_outcome()
    {
        var http = new Web(broken: "/3");
        Uri[] urls = Urls;
        var lines = new List<string>();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        void Show(string line) => lines.Add(line);

        // snippet: gather-settled
        Settled<string>[] outcomes = await Gather.SettledAsync(urls, maxConcurrency: 3, (url, ct) => http.GetStringAsync(url, ct), cancellationToken);
        foreach ((Uri url, Settled<string> outcome) in urls.Zip(outcomes))
        {
            Show(outcome.IsSuccess ? $"{url}: {outcome.Value.Length} characters" : $"{url}: {outcome}");
        }
        // end-snippet

        Assert.Equal("http://host1/3: IOException: /3 is broken", lines[3]);
        Assert.Equal("http://host0/4: 22 characters", lines[4]);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task The_mirror_that_answers_first()
    {
        var http = new Web(broken: "/0");
        Uri[] mirrors = Urls;
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        // snippet: gather-first
        string fastest = await Gather.FirstSuccessAsync(mirrors, (mirror, ct) => http.GetStringAsync(mirror, ct), cancellationToken);
        string[] quorum = await Gather.FirstSuccessesAsync(mirrors, count: 3, (mirror, ct) => http.GetStringAsync(mirror, ct), cancellationToken);
        // end-snippet

        Assert.StartsWith("body of", fastest, StringComparison.Ordinal);
        Assert.Equal(3, quorum.Length);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_stream_of_results()
    {
        var http = new Web();
        IAsyncEnumerable<Uri> urls = new Feed(Urls);
        var bodies = new List<string>();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        void Show(string body) => bodies.Add(body);

        // snippet: gather-stream
        await foreach (string body in Gather.StreamAsync(urls, maxConcurrency: 3, StreamOrder.Completion, (url, ct) => http.GetStringAsync(url, ct), cancellationToken))
        {
            Show(body);
        }
        // end-snippet

        Assert.Equal(10, bodies.Count);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task No_more_than_so_many_per_second_and_host()
    {
        var http = new Web();
        Uri[] urls = Urls;
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        // snippet: gather-rate
        using PartitionedRateLimiter<Uri> perHost = PartitionedRateLimiter.Create<Uri, string>(static url => RateLimitPartition.GetTokenBucketLimiter(
            url.Host,
            static _ => new TokenBucketRateLimiterOptions { TokenLimit = 10, TokensPerPeriod = 10, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 100 }));

        await Gather.ForEachAsync(urls, new GatherOptions<Uri> { MaxConcurrency = 100, PartitionedRateLimiter = perHost }, (url, ct) => http.GetStringAsync(url, ct), cancellationToken);
        // end-snippet

        Assert.Equal(10, http.Requests);
    }

    private sealed class Web(string? broken = null)
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        public async Task<string> GetStringAsync(Uri url, CancellationToken ct)
        {
            await Task.Yield();
            Interlocked.Increment(ref _requests);
            return url.AbsolutePath == broken ? throw new IOException($"{url.AbsolutePath} is broken") : $"body of {url}";
        }
    }

    private sealed class Feed(Uri[] urls) : IAsyncEnumerable<Uri>
    {
        public async IAsyncEnumerator<Uri> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            foreach (Uri url in urls)
            {
                await Task.Yield();
                yield return url;
            }
        }
    }
}
