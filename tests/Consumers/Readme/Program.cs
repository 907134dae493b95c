using Async.Toolkit;
using Async.Toolkit.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

// Each snippet of the README stands where a comment asks for it, with as little around it as it takes to run and to see what it does.
string[] failed =
[
    .. from outcome in new (string Snippet, bool IsGood)[]
       {
           ("A first program", await Snippets.First()),
           ("TaskGroup", await Snippets.Group()),
           ("AsyncTimeout", await Snippets.TimeLimits()),
           ("AsyncTimeout 2", await Snippets.Scope()),
           ("AsyncSemaphore", await Snippets.Semaphore()),
           ("Gather", await Snippets.Gathering()),
           ("Paging", await Snippets.Pages()),
           ("AsyncApp", await Snippets.App() == 0),
           ("EventLoop", Snippets.Loop()),
           ("Diagnostics", Snippets.Logging()),
       }
       where !outcome.IsGood
       select outcome.Snippet
];
Console.WriteLine(failed.Length == 0 ? "Every snippet does what the text says." : $"Not what the text says: {string.Join(", ", failed)}.");
return failed.Length;

internal static class Snippets
{
    private static readonly CancellationToken cancellationToken = CancellationToken.None;
    private static readonly List<string> shown = [];

    public static async Task<bool> First()
    {
        // readme: A first program

        return sum == 3;
    }

    public static async Task<bool> Group()
    {
        var shop = new Shop();
        const int id = 7;

        // readme: TaskGroup

        return page == new Dashboard(new User("ada"), page.Orders) && page.Orders.Length == 2 && shop.IsAudited;
    }

    public static async Task<bool> TimeLimits()
    {
        var cache = new Cache();

        // readme: AsyncTimeout

        return page is "loaded" && !isWarm;

        static Task<string> LoadAsync(CancellationToken ct) => Task.FromResult(ct.CanBeCanceled ? "loaded" : "");
    }

    public static async Task<bool> Scope()
    {
        shown.Clear();

        // readme: AsyncTimeout 2

        return shown is ["no answer in time"] && limit.IsExpired;

        static Task ConnectAsync(CancellationToken ct) => Task.Delay(1, ct);
        static Task ReceiveAsync(CancellationToken ct) => Task.Delay(Timeout.Infinite, ct);
    }

    public static async Task<bool> Semaphore()
    {
        int inside = 0;
        int most = 0;

        // readme: AsyncSemaphore

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PrintInTurnAsync(cancellationToken)));
        return most == 2 && printers.AvailablePermits == 2;

        async Task PrintAsync(CancellationToken ct)
        {
            int now = Interlocked.Increment(ref inside);
            most = Math.Max(most, now); // races do no harm: it starts with two at once
            await Task.Delay(5, ct);
            Interlocked.Decrement(ref inside);
        }
    }

    public static async Task<bool> Gathering()
    {
        using var handler = new Echo();
        using var http = new HttpClient(handler);
        Uri[] urls = [.. Enumerable.Range(0, 20).Select(static number => new Uri($"http://example.test/{number}"))];

        // readme: Gather

        return bodies.SequenceEqual(urls.Select(static url => url.AbsolutePath), StringComparer.Ordinal) && handler.Most == 3;
    }

    public static async Task<bool> Pages()
    {
        var api = new Api();
        shown.Clear();

        // readme: Paging

        return shown is ["one", "two", "three", "four", "five"];
    }

    public static async Task<int> App()
    {
        // readme: AsyncApp

        static Task ServeAsync(CancellationToken ct) => Task.Delay(1, ct);
    }

    public static bool Loop()
    {
        int thread = Environment.CurrentManagedThreadId;
        bool isAtHome = true;

        // readme: EventLoop

        return count == 3 && isAtHome;

        static Task HeartbeatAsync(CancellationToken ct) => Task.Delay(Timeout.Infinite, ct);

        async Task<int> CountAsync(CancellationToken ct)
        {
            await Task.Delay(1, ct);
            isAtHome = thread == Environment.CurrentManagedThreadId;
            return 3;
        }
    }

    public static bool Logging()
    {
        ILoggerFactory loggerFactory = NullLoggerFactory.Instance;

        // readme: Diagnostics

        Console.WriteLine(TaskTree.Capture());
        return ToolkitDiagnostics.LoggerFactory == loggerFactory;
    }

    private static void Show(string text) => shown.Add(text);
}

internal sealed record User(string Name);

internal sealed record Order(int Number);

internal sealed record Dashboard(User User, Order[] Orders);

internal sealed class Shop
{
    public bool IsAudited { get; private set; }

    public async Task<User> UserAsync(int id, CancellationToken ct)
    {
        await Task.Delay(id, ct);
        return new User("ada");
    }

    public async Task<Order[]> OrdersAsync(int id, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return [new Order(id), new Order(id + 1)];
    }

    public async Task AuditAsync(int id, CancellationToken ct)
    {
        await Task.Delay(id * 5, ct);
        IsAudited = true;
    }
}

internal sealed class Cache
{
    public Task WarmUpAsync(CancellationToken ct) => Task.Delay(Timeout.Infinite, ct);
}

/// <summary>Answers with the path, and nobody before three have asked.</summary>
internal sealed class Echo : HttpMessageHandler
{
    private readonly TaskCompletionSource _three = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    public int Most { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_three)
        {
            Most = Math.Max(Most, ++_running);
            if (Most == 3)
            {
                _three.TrySetResult();
            }
        }

        await _three.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        lock (_three)
        {
            _running--;
        }

        return new HttpResponseMessage { Content = new StringContent(request.RequestUri!.AbsolutePath) };
    }
}

internal sealed record Issue(string Title);

internal sealed record ListReply(Issue[] Items, string? NextCursor);

internal sealed class Api
{
    public async Task<ListReply> ListAsync(string? cursor, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return cursor switch
        {
            null => new ListReply([new("one"), new("two")], "more"),
            "more" => new ListReply([new("three"), new("four")], "last"),
            _ => new ListReply([new("five")], null),
        };
    }
}
