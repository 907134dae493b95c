using System.Runtime.CompilerServices;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part("Paging", "A stream of items from 1,000 pages of 100, against the loop that one writes by hand, over the very same pages.", Unit = "item", Units = Pages * ItemsPerPage)]
[Target(nameof(ByCursor), Measure.Time, 1.1, Rival = nameof(WrittenByHand))]
[Target(nameof(ByCursor), Measure.BytesMore, 1, Rival = nameof(WrittenByHand))]
public class PagingBenchmarks
{
    public const int Pages = 1_000;
    public const int ItemsPerPage = 100;

    private readonly int[] _items = new int[ItemsPerPage];
    private readonly string[] _cursors = [.. Enumerable.Range(0, Pages).Select(static page => $"cursor-of-page-{page}")];
    private readonly PageSequence<int> _sequence;

    public PagingBenchmarks() => _sequence = Paging.ByCursor(FetchAsync);

    /// <summary>Whether a page has to be waited for, as over a network, or is there at once, as out of a cache.</summary>
    [Params(true, false)]
    public bool Waits { get; set; }

    [Benchmark(Baseline = true, Description = "async iterator by hand")]
    public async Task<int> WrittenByHand()
    {
        int sum = 0;
        await foreach (int item in AllByHand().ConfigureAwait(false))
        {
            sum += item;
        }

        return sum;
    }

    [Ours]
    [Benchmark(Description = "Paging.ByCursor")]
    public async Task<int> ByCursor()
    {
        int sum = 0;
        await foreach (int item in _sequence.ConfigureAwait(false))
        {
            sum += item;
        }

        return sum;
    }

    [Ours]
    [Benchmark(Description = "Paging.ByCursor, Prefetch(1)")]
    public async Task<int> ByCursorAhead()
    {
        int sum = 0;
        await foreach (int item in _sequence.Prefetch(1).ConfigureAwait(false))
        {
            sum += item;
        }

        return sum;
    }

    private async IAsyncEnumerable<int> AllByHand([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            CursorPage<int> page = await FetchAsync(cursor, cancellationToken).ConfigureAwait(false);
            foreach (int item in page.Items)
            {
                yield return item;
            }

            cursor = page.Next;
        }
        while (!string.IsNullOrEmpty(cursor));
    }

    private async Task<CursorPage<int>> FetchAsync(string? cursor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Waits)
        {
            await Task.Yield();
        }

        // The cursor's digits tell the page, as a server's own would.
        int page = cursor is null ? 0 : int.Parse(cursor.AsSpan("cursor-of-page-".Length), provider: null);
        return new CursorPage<int>(_items, page + 1 < Pages ? _cursors[page + 1] : null);
    }
}
