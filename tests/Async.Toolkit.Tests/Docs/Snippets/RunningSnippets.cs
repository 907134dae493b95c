using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code that docs/running.md shows, run as it stands.</summary>
[Collection("The signals of the process")]
public sealed class RunningSnippets
{
    private const int GuardMilliseconds = 30_000;

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_program_that_signals_stop()
    {
        static Task ServeAsync(CancellationToken ct) => Task.Delay(1, ct);
        async Task<int> MainAsync()
        {
            // snippet: app
            return await AsyncApp.RunAsync(async ct =>
            {
                await ServeAsync(ct); // canceled by Ctrl+C, SIGTERM and SIGQUIT
                return 0;
            });
            // end-snippet
        }

        Assert.Equal(0, await MainAsync().WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_program_inside_a_test()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        static Task ImportAsync(CancellationToken ct) => Task.FromException(new InvalidDataException("line 7 is damaged"));
        using var errors = new StringWriter();

        // snippet: app-in-a-test
        var options = new AsyncAppOptions { HandleSignals = false, Error = errors };
        int exitCode = await AsyncApp.RunAsync(options, ImportAsync, cancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Contains("line 7 is damaged", errors.ToString());
        // end-snippet
    }

    [Fact]
    public void A_loop()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string[] hosts = ["a", "b", "c"];
        static async Task<int> PingAsync(string host, CancellationToken ct)
        {
            await Task.Delay(1, ct);
            return host.Length;
        }

        // snippet: loop
        Dictionary<string, int> answers = EventLoop.Run(async ct =>
        {
            var found = new Dictionary<string, int>(); // no lock: one thread only
            var onTheLoop = new TaskGroupOptions { ChildContext = ChildContext.Caller };
            await TaskGroup.RunAsync(onTheLoop, group =>
            {
                foreach (string host in hosts)
                {
                    group.Start(async token => found[host] = await PingAsync(host, token));
                }

                return Task.CompletedTask;
            }, ct);
            return found;
        }, cancellationToken);
        // end-snippet

        Assert.Equal(hosts.ToDictionary(host => host, host => 1), answers);
    }

    [Fact]
    public void Work_that_may_be_cut_off()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var told = new ConcurrentQueue<string>();
        async Task HeartbeatAsync(CancellationToken ct)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                told.Enqueue("heart stopped");
            }
        }

        async Task WorkAsync(CancellationToken ct) => await Task.Yield();
        void Show(string line) => told.Enqueue(line);

        // snippet: loop-background
        var options = new EventLoopOptions { Name = "worker", Logger = NullLogger.Instance };
        EventLoop.Run(options, async ct =>
        {
            EventLoop loop = EventLoop.Current;
            loop.Group.Start(HeartbeatAsync);         // canceled and awaited when main returns
            loop.Post(() => Show("after this turn")); // from any thread
            await WorkAsync(ct);
        }, cancellationToken);
        // end-snippet

        Assert.Equal(["after this turn", "heart stopped"], told);
    }
}
