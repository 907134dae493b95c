using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Async.Toolkit.Tests.Gathering;
using Polly;
using Polly.Retry;
using Xunit;

namespace Async.Toolkit.Testing.Tests.Snippets;

/// <summary>The code that the README of the package shows, run as it stands.</summary>
public sealed class ReadmeSnippets
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    // snippet: testing-first
    [Fact]
    public Task Sessions_end_after_twenty_minutes_without_a_visit() => VirtualTime.RunAsync(async time =>
    {
        var sessions = new Sessions(lifetime: TimeSpan.FromMinutes(20), time.Provider);
        sessions.Visit("ada");

        await time.Delay(TimeSpan.FromMinutes(19));
        sessions.Visit("ada");
        await time.Delay(TimeSpan.FromMinutes(19));
        Assert.True(sessions.IsOpen("ada"));

        await time.Delay(TimeSpan.FromMinutes(2));
        Assert.False(sessions.IsOpen("ada"));
    });
    // end-snippet

    // snippet: testing-polly
    [Fact]
    public Task Retries_back_off_for_more_than_an_hour() => VirtualTime.RunAsync(async time =>
    {
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time.Provider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 12,
                Delay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
            })
            .Build();

        var attempts = new List<double>();
        await Assert.ThrowsAsync<IOException>(() => pipeline.ExecuteAsync(async ct =>
        {
            attempts.Add(time.Elapsed.TotalSeconds);
            await Task.Yield();
            throw new IOException("the line is dead");
        }).AsTask());

        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095], attempts);
    });
    // end-snippet

    // snippet: testing-gather
    [Fact]
    public Task A_thousand_requests_at_ten_per_second_take_a_hundred_seconds() => VirtualTime.RunAsync(async time =>
    {
        using var limiter = new ClockedLimiter(time.Provider, permitsPerPeriod: 10, period: TimeSpan.FromSeconds(1));
        var options = new GatherOptions { MaxConcurrency = 50, RateLimiter = limiter };

        TimeSpan[] starts = await Gather.AllAsync(Enumerable.Range(0, 1_000), options, async (number, ct) =>
        {
            TimeSpan start = time.Elapsed;
            await time.Delay(TimeSpan.FromMilliseconds(300), ct); // the request
            return start;
        });

        Assert.All(starts.CountBy(start => start), perInstant => Assert.Equal(10, perInstant.Value));
        Assert.Equal(TimeSpan.FromSeconds(99), starts.Max());
    });
    // end-snippet

    // snippet: testing-timeout
    [Fact]
    public Task A_slow_answer_is_given_up_after_five_seconds() => VirtualTime.RunAsync(async time =>
    {
        var limit = new AsyncTimeoutOptions { Timeout = TimeSpan.FromSeconds(5), TimeProvider = time.Provider };

        await Assert.ThrowsAsync<TimeoutException>(() => AsyncTimeout.RunAsync(limit, ct => time.Delay(TimeSpan.FromMinutes(1), ct)));

        Assert.Equal(TimeSpan.FromSeconds(5), time.Elapsed);
    });
    // end-snippet

    // snippet: testing-periodic
    [Fact]
    public Task A_heartbeat_beats_once_a_minute_all_day() => VirtualTime.RunAsync(async time =>
    {
        int beats = 0;
        using var stop = new CancellationTokenSource(TimeSpan.FromHours(24), time.Provider);
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time.Provider);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                beats++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The day is over. Its timer was created first, so it comes before the beat of the same instant.
        }

        Assert.Equal(24 * 60 - 1, beats);
    });
    // end-snippet

    // snippet: testing-channel
    [Fact]
    public Task A_pipeline_is_as_fast_as_its_slowest_stage() => VirtualTime.RunAsync(async time =>
    {
        Channel<int> parsed = Channel.CreateBounded<int>(10);
        Channel<int> stored = Channel.CreateBounded<int>(10);

        async Task StageAsync(ChannelReader<int> from, ChannelWriter<int> to, TimeSpan work)
        {
            await foreach (int item in from.ReadAllAsync())
            {
                await time.Delay(work);
                await to.WriteAsync(item);
            }

            to.Complete();
        }

        await TaskGroup.RunAsync(async group =>
        {
            Channel<int> source = Channel.CreateUnbounded<int>();
            group.Start(_ => StageAsync(source.Reader, parsed.Writer, TimeSpan.FromSeconds(1)));
            group.Start(_ => StageAsync(parsed.Reader, stored.Writer, TimeSpan.FromSeconds(3)));
            for (int item = 0; item < 100; item++)
            {
                source.Writer.TryWrite(item);
            }

            source.Writer.Complete();
            Assert.Equal(Enumerable.Range(0, 100), await stored.Reader.ReadAllAsync().ToListAsync());
        });

        Assert.Equal(TimeSpan.FromSeconds(1 + 100 * 3), time.Elapsed);
    });
    // end-snippet

    [Fact]
    public async Task Instants() => await VirtualTime.RunAsync(async time =>
    {
        var log = new List<string>();
        async Task PollAsync()
        {
            await time.Delay(TimeSpan.FromMinutes(1));
            log.Add("polled");
        }

        // snippet: testing-instants
        Task polling = PollAsync();                       // polls once, in a minute
        await time.SettleAsync();                         // all has run that can; the clock has not moved
        Assert.Empty(log);
        await time.AdvanceAsync(TimeSpan.FromMinutes(1)); // to that instant, and everything of it
        Assert.Equal(["polled"], log);
        // end-snippet
        await polling;
    }, TestToken);

    [Fact]
    public async Task Real_work()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task server = Task.Run(
            async () =>
            {
                using TcpClient accepted = await listener.AcceptTcpClientAsync(TestToken);
                await accepted.GetStream().WriteAsync("hello"u8.ToArray(), TestToken);
            },
            TestToken);
        async Task<string> AskServerAsync()
        {
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestToken);
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadToEndAsync(TestToken);
        }

        await VirtualTime.RunAsync(async time =>
        {
            // snippet: testing-real
            string answer = await time.RealTimeAsync(() => AskServerAsync()); // over a real socket
            // end-snippet
            Assert.Equal("hello", answer);
            Assert.Equal(TimeSpan.Zero, time.Elapsed);
        }, TestToken);
        await server;
    }

    [Fact]
    public async Task A_deadlock()
    {
        // snippet: testing-deadlock
        static async Task PrintTwiceAsync(AsyncSemaphore printer)
        {
            using (await printer.AcquireAsync())
            using (await printer.AcquireAsync()) // waits for itself
            {
            }
        }

        using var printer = new AsyncSemaphore(permits: 1);
        var deadlock = await Assert.ThrowsAsync<VirtualTimeDeadlockException>(() => VirtualTime.RunAsync(async time =>
        {
            await time.Delay(TimeSpan.FromMinutes(1));
            await PrintTwiceAsync(printer);
        }));

        Assert.Contains("PrintTwiceAsync", deadlock.Message);
        // end-snippet
        TestContext.Current.TestOutputHelper?.WriteLine(deadlock.Message);
    }

    [Fact]
    public async Task A_leak()
    {
        // snippet: testing-leak
        var strict = new VirtualTimeOptions { CheckForLeaks = true };

        await Assert.ThrowsAsync<LeakException>(() => VirtualTime.RunAsync(strict, async time =>
        {
            Task work = time.Delay(TimeSpan.FromSeconds(1));
            Task limit = time.Delay(TimeSpan.FromSeconds(30)); // goes on when the work is done
            await Task.WhenAny(work, limit);
        }));
        // end-snippet
    }

    private sealed class Sessions(TimeSpan lifetime, TimeProvider clock)
    {
        private readonly Dictionary<string, CancellationTokenSource> _open = [];

        public void Visit(string user)
        {
            if (!_open.TryGetValue(user, out CancellationTokenSource? end))
            {
                _open[user] = end = new CancellationTokenSource(lifetime, clock);
            }

            end.CancelAfter(lifetime);
        }

        public bool IsOpen(string user) => !_open[user].IsCancellationRequested;
    }
}
