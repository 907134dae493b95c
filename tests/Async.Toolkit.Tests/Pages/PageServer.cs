using System.Collections.Concurrent;

namespace Async.Toolkit.Tests.Pages;

/// <summary>Pages of numbers, the numbers running on from page to page, and a record of what was asked for. Pages are counted from 0.</summary>
internal sealed class PageServer(params int[][] pages)
{
    public const int PageSize = 3;

    private readonly ConcurrentQueue<int> _asked = new();
    private readonly ConcurrentDictionary<int, Gate> _askedFor = new();
    private int _running;
    private int _mostRunning;

    /// <summary>What happens while a page is being fetched.</summary>
    public Func<int, CancellationToken, Task> OnFetch { get; init; } = static (_, _) => Task.CompletedTask;

    public int Count => pages.Length;

    /// <summary>Whether the server tells how many items there are.</summary>
    public bool TellsTotal { get; init; } = true;

    /// <summary>What the last page has for a cursor.</summary>
    public string? EndOfCursors { get; init; }

    public long? Total => TellsTotal ? ((Count - 1) * PageSize) + pages[^1].Length : null;

    public int[] Asked => [.. _asked];

    /// <summary>How many fetches have begun and not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    public int MostRunning => Volatile.Read(ref _mostRunning);

    public int[] Items => [.. pages.SelectMany(static page => page)];

    public static PageServer Of(int pageCount, int lastLength = PageSize, Func<int, CancellationToken, Task>? onFetch = null) => new(PagesOf(pageCount, lastLength))
    {
        OnFetch = onFetch ?? (static async (_, _) => await Task.Yield()),
    };

    public static int[][] PagesOf(int pageCount, int lastLength = PageSize) =>
        [.. Enumerable.Range(0, pageCount).Select(page => Enumerable.Range(page * PageSize, page == pageCount - 1 ? lastLength : PageSize).ToArray())];

    /// <summary>The items of the pages from <paramref name="page"/> on.</summary>
    public int[] ItemsFrom(int page) => [.. pages.Skip(page).SelectMany(static items => items)];

    /// <summary>Waits until the page has been asked for.</summary>
    public Task AskedFor(int page) => _askedFor.GetOrAdd(page, static _ => new Gate()).Reached();

    public async Task<int[]> FetchAsync(int page, CancellationToken cancellationToken)
    {
        int running = Interlocked.Increment(ref _running);
        for (int most = MostRunning; running > most; most = MostRunning)
        {
            Interlocked.CompareExchange(ref _mostRunning, running, most);
        }

        try
        {
            _asked.Enqueue(page);
            _askedFor.GetOrAdd(page, static _ => new Gate()).Open();
            await OnFetch(page, cancellationToken);
            return page < pages.Length ? pages[page] : [];
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
