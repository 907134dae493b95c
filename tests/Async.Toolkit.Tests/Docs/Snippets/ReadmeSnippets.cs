using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code that README.md alone shows, run as it stands.</summary>
public sealed class ReadmeSnippets
{
    // The code shown waits as its reader would, without a guard of its own.
    private const int GuardMilliseconds = 30_000;

    [Fact]
    public async Task A_first_program()
    {
        // snippet: first-program
        int sum = await TaskGroup.RunAsync(async group =>
        {
            Task<int> one = group.Run(ct => AnswerAsync(1, ct));
            Task<int> two = group.Run(ct => AnswerAsync(2, ct));
            return await one + await two;
        });
        Console.WriteLine(sum); // 3, after a tenth of a second and not two

        static async Task<int> AnswerAsync(int answer, CancellationToken ct)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
            return answer;
        }
        // end-snippet

        Assert.Equal(3, sum);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Time_limits_around_calls()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var cache = new Cache();
        static Task<string> LoadAsync(CancellationToken ct) => Task.FromResult("loaded");

        // snippet: timeout-call
        string page = await AsyncTimeout.RunAsync(TimeSpan.FromSeconds(5), ct => LoadAsync(ct), cancellationToken);
        bool isWarm = await AsyncTimeout.TryRunAsync(TimeSpan.FromMilliseconds(50), ct => cache.WarmUpAsync(ct), cancellationToken);
        // end-snippet

        Assert.Equal("loaded", page);
        Assert.False(isWarm);
        Assert.True(cache.IsCanceled);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_time_limit_around_several_statements()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var seen = new List<string>();
        static Task ConnectAsync(CancellationToken ct) => Task.CompletedTask;
        static Task ReceiveAsync(CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, ct);
        void Show(string line) => seen.Add(line);

        // snippet: timeout-scope
        await using var limit = new AsyncTimeout(TimeSpan.FromSeconds(5), cancellationToken);
        try
        {
            await ConnectAsync(limit.Token);
            limit.Reschedule(TimeSpan.FromMilliseconds(50)); // counted from now
            await ReceiveAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsExpired)
        {
            Show("no answer in time");
        }
        // end-snippet

        Assert.Equal(["no answer in time"], seen);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Two_in_the_printer_room()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        int held = 0;
        AsyncSemaphore? room = null;
        Task PrintAsync(CancellationToken ct)
        {
            held = room!.Permits - room.AvailablePermits;
            return Task.CompletedTask;
        }

        // snippet: semaphore
        using var printers = new AsyncSemaphore(permits: 2);
        async Task PrintInTurnAsync(CancellationToken ct)
        {
            using (await printers.AcquireAsync(ct)) // first come, first served
            {
                await PrintAsync(ct);
            }
        }
        // end-snippet

        room = printers;
        await PrintInTurnAsync(cancellationToken);

        Assert.Equal(1, held);
        Assert.Equal(2, printers.AvailablePermits);
    }

    [Fact]
    public void A_loop_on_one_thread()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        int heartbeats = 0;
        async Task HeartbeatAsync(CancellationToken ct)
        {
            heartbeats++;
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }

        async Task<int> CountAsync(CancellationToken ct)
        {
            while (heartbeats == 0)
            {
                ct.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            return heartbeats;
        }

        // snippet: loop-short
        int count = EventLoop.Run(async ct =>
        {
            EventLoop.Current.Group.Start(HeartbeatAsync); // canceled and awaited when main returns
            return await CountAsync(ct);                   // every continuation on this thread: no locks
        }, cancellationToken);
        // end-snippet

        Assert.Equal(1, count);
    }

    private sealed class Cache
    {
        public bool IsCanceled { get; private set; }

        public async Task WarmUpAsync(CancellationToken ct)
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            }
            finally
            {
                IsCanceled = ct.IsCancellationRequested;
            }
        }
    }
}
