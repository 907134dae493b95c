using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Async.Toolkit;
using Async.Toolkit.Testing;
using Polly;
using Polly.Retry;
using Xunit;

// Each snippet of the README stands where a comment asks for it; most are tests as they stand.
public sealed class ReadmeTests
{
    // readme: Async.Toolkit.Testing

    // readme: Examples

    // readme: Examples 2

    // readme: Examples 3

    // readme: Examples 4

    // readme: Examples 5

    [Fact]
    public Task Instants() => VirtualTime.RunAsync(async time =>
    {
        var log = new List<string>();

        // readme: Examples 6

        await polling;

        async Task PollAsync()
        {
            await time.Delay(TimeSpan.FromMinutes(1));
            log.Add("polled");
        }
    });

    [Fact]
    public async Task Waiting_for_ever()
    {
        // readme: Waiting for ever
    }

    [Fact]
    public async Task Real_work()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await VirtualTime.RunAsync(async time =>
        {
            // readme: Real work

            Assert.Equal("hello", answer);
            Assert.Equal(TimeSpan.Zero, time.Elapsed);
        });

        async Task<string> AskServerAsync()
        {
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
            using TcpClient server = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await server.GetStream().WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
            server.Close();
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Leaks()
    {
        // readme: Leaks
    }

    private sealed class Sessions(TimeSpan lifetime, TimeProvider clock)
    {
        private readonly Dictionary<string, DateTimeOffset> _seen = [];

        public void Visit(string user) => _seen[user] = clock.GetUtcNow();

        public bool IsOpen(string user) => clock.GetUtcNow() - _seen[user] < lifetime;
    }
}

/// <summary>A limiter whose clock can be chosen.</summary>
internal sealed class ClockedLimiter(TimeProvider clock, int permitsPerPeriod, TimeSpan period) : RateLimiter
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private int _given;

    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
        {
            wait = _start + (_given++ / permitsPerPeriod * period) - clock.GetUtcNow();
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken);
        }

        return new Lease();
    }

    private sealed class Lease : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
