using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code that README.md and docs/groups.md show, run as it stands.</summary>
public sealed class GroupSnippets
{
    // The code shown waits as its reader would, without a guard of its own.
    private const int GuardMilliseconds = 30_000;

    private static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(GuardMilliseconds);

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_dashboard_from_several_services_at_once()
    {
        var shop = new Shop();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        const int id = 7;

        // snippet: dashboard
        Dashboard page = await TaskGroup.RunAsync(async group =>
        {
            Task<User> user = group.Run(ct => shop.UserAsync(id, ct));
            Task<Order[]> orders = group.Run(ct => shop.OrdersAsync(id, ct));
            group.Start(ct => shop.AuditAsync(id, ct)); // owned by the group, nobody wants its task
            return new Dashboard(await user, await orders);
        }, cancellationToken);
        // end-snippet

        Assert.Equal(new User(id), page.User);
        Assert.Equal([new Order(1), new Order(2)], page.Orders);
        Assert.Equal([id], shop.Audited);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task All_failures_in_the_order_of_occurrence()
    {
        var trouble = new InvalidOperationException("the first file is damaged");
        string[] files = ["damaged", "sound"];
        var seen = new List<Exception>();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Task ImportAsync(string file, CancellationToken ct) => file == "damaged" ? Task.FromException(trouble) : Task.CompletedTask;
        void Show(Exception failure) => seen.Add(failure);

        // snippet: failures
        Task import = TaskGroup.RunAsync(new TaskGroupOptions { FailurePolicy = FailurePolicy.WaitForAll }, group =>
        {
            foreach (string file in files)
            {
                group.Start(ct => ImportAsync(file, ct));
            }

            return Task.CompletedTask;
        }, cancellationToken);

        try
        {
            await import;
        }
        catch (Exception first) when (import.Exception is { } all)
        {
            // "first" is the original object; "all" holds every failure in order of occurrence, each once.
            Show(first);
            all.InnerExceptions.Skip(1).ToList().ForEach(Show);
        }
        // end-snippet

        Assert.Equal([trouble], seen);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Who_cancelled()
    {
        var clock = new FakeTimeProvider();
        var told = new List<string>();
        var started = new TaskCompletionSource();
        using var caller = new CancellationTokenSource();

        async Task RunAsync(CancellationToken cancellationToken)
        {
            var options = new TaskGroupOptions { Timeout = TimeSpan.FromSeconds(2), TimeProvider = clock };
            Func<TaskGroup, Task> body = async group =>
            {
                group.Start(async ct =>
                {
                    started.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                });
                await started.Task;
            };
            void Log(string what) => told.Add(what);

            // snippet: who-cancelled
            try
            {
                await TaskGroup.RunAsync(options, body, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Log("the caller has lost interest");
            }
            catch (TimeoutException)
            {
                Log("options.Timeout has passed");
            }
            catch (ChildCanceledException canceled)
            {
                Log($"nobody had asked for it: {canceled.InnerException!.Message}");
            }
            // end-snippet
        }

        Task first = RunAsync(CancellationToken.None);
        await started.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(2));
        await first.WaitAsync(Guard, TestContext.Current.CancellationToken);

        started = new TaskCompletionSource();
        Task second = RunAsync(caller.Token);
        await started.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        await caller.CancelAsync();
        await second.WaitAsync(Guard, TestContext.Current.CancellationToken);

        Assert.Equal(["options.Timeout has passed", "the caller has lost interest"], told);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task At_most_so_many_at_once()
    {
        var stored = new ConcurrentBag<int>();
        int[] pages = [1, 2, 3, 4, 5];
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        ValueTask StoreAsync(int page, CancellationToken ct)
        {
            stored.Add(page);
            return ValueTask.CompletedTask;
        }

        // snippet: limit
        await TaskGroup.RunAsync(new() { Name = "Pages", MaxConcurrency = 4, Timeout = TimeSpan.FromMinutes(1) }, async group =>
        {
            foreach (int page in pages)
            {
                group.Start(ct => StoreAsync(page, ct));
            }
        }, cancellationToken);
        // end-snippet

        Assert.Equal(pages, stored.Order());
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_first_answer_is_enough()
    {
        int underWay = 0;
        string[] mirrors = ["fast", "slow"];
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        async Task<string> FetchAsync(string mirror, CancellationToken ct)
        {
            Interlocked.Increment(ref underWay);
            try
            {
                await (mirror == "fast" ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, ct));
                return mirror;
            }
            finally
            {
                await Task.Yield();
                Interlocked.Decrement(ref underWay);
            }
        }

        // snippet: cancel
        string answer = await TaskGroup.RunAsync(async group =>
        {
            var fetches = mirrors.Select(mirror => group.Run(ct => FetchAsync(mirror, ct))).ToList();
            Task<string> first = await Task.WhenAny(fetches);
            group.Cancel(); // the others are canceled and awaited; the group ends normally
            return await first;
        }, cancellationToken);
        // end-snippet

        Assert.Equal("fast", answer);
        Assert.Equal(0, underWay);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_supervisor_outlives_the_failures_of_its_children()
    {
        var handled = new TaskCompletionSource();
        await using (var connections = new Connections(NullLogger.Instance))
        {
            connections.Accept(_ => Task.FromException(new IOException("peer gone")));
            connections.Accept(_ =>
            {
                handled.SetResult();
                return Task.CompletedTask;
            });
            await handled.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        }
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_child_with_a_name_and_a_token_of_its_own()
    {
        using var unloaded = new CancellationTokenSource();
        await unloaded.CancelAsync();
        bool warmed = false;
        Task WarmUpAsync(CancellationToken ct)
        {
            warmed = true;
            return Task.CompletedTask;
        }

        await TaskGroup.RunAsync(async group =>
        {
            // snippet: child-options
            Task warmUp = group.Run(new ChildOptions { Name = "cache warm-up", CancellationToken = unloaded.Token }, WarmUpAsync);
            // end-snippet

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => warmUp);
        }, TestContext.Current.CancellationToken);

        Assert.False(warmed);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_state_instead_of_a_closure()
    {
        var sent = new ConcurrentBag<int>();
        int[] messages = [1, 2, 3];

        await TaskGroup.RunAsync(group =>
        {
            foreach (int message in messages)
            {
                // snippet: state
                group.Start((sent, message), static (state, ct) => SendAsync(state.sent, state.message, ct));
                // end-snippet
            }

            return ValueTask.CompletedTask;
        }, TestContext.Current.CancellationToken);

        Assert.Equal(messages, sent.Order());

        static ValueTask SendAsync(ConcurrentBag<int> sent, int message, CancellationToken ct)
        {
            sent.Add(message);
            return ValueTask.CompletedTask;
        }
    }

    private sealed record User(int Id);

    private sealed record Order(int Number);

    private sealed record Dashboard(User User, Order[] Orders);

    private sealed class Shop
    {
        public ConcurrentBag<int> Audited { get; } = [];

        public async Task<User> UserAsync(int id, CancellationToken ct)
        {
            await Task.Yield();
            return new User(id);
        }

        public ValueTask<Order[]> OrdersAsync(int id, CancellationToken ct) => new([new Order(1), new Order(2)]);

        public async Task AuditAsync(int id, CancellationToken ct)
        {
            await Task.Yield();
            Audited.Add(id);
        }
    }

    // snippet: supervisor
    public sealed class Connections(ILogger logger) : IAsyncDisposable
    {
        private readonly TaskGroup _group = TaskGroup.Open(new() { Name = "Connections", FailurePolicy = FailurePolicy.Isolate, Logger = logger });

        public void Accept(Func<CancellationToken, Task> serve) => _group.Start(serve);

        // Cancels, waits for every connection, and logs what nobody joined for.
        public ValueTask DisposeAsync() => _group.DisposeAsync();
    }
    // end-snippet
}
