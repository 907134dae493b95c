using System.Globalization;
using Async.Toolkit.Tests.Pages;
using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code that docs/paging.md shows, run as it stands.</summary>
public sealed class PagingSnippets
{
    // The code shown waits as its reader would, without a guard of its own.
    private const int GuardMilliseconds = 30_000;

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Items_by_cursor()
    {
        var api = new Api();
        var seen = new List<string>();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        void Show(string title) => seen.Add(title);

        // snippet: paging-cursor
        PageSequence<Issue> issues = Paging.ByCursor<Issue>(async (cursor, ct) =>
        {
            ListReply reply = await api.ListAsync(cursor, ct);
            return new(reply.Items, reply.NextCursor);
        });

        await foreach (Issue issue in issues.Prefetch(2).WithCancellation(cancellationToken))
        {
            Show(issue.Title);
        }
        // end-snippet

        Assert.Equal(["0", "1", "2", "3", "4"], seen);
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Items_by_number_and_by_offset()
    {
        var api = new Api();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        // snippet: paging-numbers
        AddressablePageSequence<Issue> byNumber = Paging.ByPageNumber<Issue>(pageSize: 2, async (page, ct) =>
        {
            SearchReply reply = await api.SearchAsync(page, 2, ct);
            return new(reply.Items, reply.Total);
        });

        AddressablePageSequence<Issue> byOffset = Paging.ByOffset<Issue>(pageSize: 2, async (offset, ct) =>
            new(await api.RangeAsync(offset, 2, ct)));

        List<Issue> all = await byNumber.Concurrency(4).ToListAsync(cancellationToken);
        // end-snippet

        Assert.Equal(5, all.Count);
        Assert.Equal(all, await byOffset.ToListAsync(cancellationToken));
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task Items_by_link()
    {
        using HttpClient http = LinkServer.ClientOf(PageServer.Of(3));

        // snippet: paging-link
        // [JsonSerializable(typeof(int[]))] internal sealed partial class LinkJson : JsonSerializerContext;
        PageSequence<int> numbers = Paging.ByLink(http, new Uri("https://api.example/items"), LinkJson.Default.Int32Array);
        // end-snippet

        Assert.Equal(9, await numbers.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = GuardMilliseconds)]
    public async Task A_run_that_goes_on()
    {
        var api = new Api();
        bool completed = false;
        var written = new List<Issue>();
        string? saved = null;
        bool isCleared = false;
        PageSequence<Issue> issues = Paging.ByCursor<Issue>(async (cursor, ct) =>
        {
            ListReply reply = await api.ListAsync(cursor, ct);
            return new(reply.Items, reply.NextCursor);
        });

        Task WriteAsync(IReadOnlyList<Issue> items)
        {
            if (written.Count == 2 && !isCleared)
            {
                isCleared = true;
                throw new IOException("the disk is full");
            }

            written.AddRange(items);
            return Task.CompletedTask;
        }

        void Save(string? continuation, bool isComplete)
        {
            saved = continuation;
            completed = isComplete;
        }

        async Task RunAsync(CancellationToken cancellationToken)
        {
            // snippet: paging-resume
            PageSequence<Issue> rest = saved is null ? issues : issues.ResumeFrom(saved);
            await foreach (Page<Issue> page in rest.Prefetch(2).Pages().WithCancellation(cancellationToken))
            {
                await WriteAsync(page.Items);
                Save(page.Continuation, isComplete: page.IsLast);
            }
            // end-snippet
        }

        await Assert.ThrowsAsync<IOException>(() => RunAsync(TestContext.Current.CancellationToken));
        await RunAsync(TestContext.Current.CancellationToken);

        Assert.True(completed);
        Assert.Equal(["0", "1", "2", "3", "4"], written.Select(static issue => issue.Title));
    }

    private sealed record Issue(string Title);

    private sealed record ListReply(Issue[] Items, string? NextCursor);

    private sealed record SearchReply(Issue[] Items, int Total);

    private sealed class Api
    {
        private readonly Issue[] _all = [.. Enumerable.Range(0, 5).Select(static number => new Issue(number.ToString(CultureInfo.InvariantCulture)))];

        public async Task<ListReply> ListAsync(string? cursor, CancellationToken cancellationToken)
        {
            int from = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
            return new ListReply(await RangeAsync(from, 2, cancellationToken), from + 2 < _all.Length ? $"{from + 2}" : null);
        }

        public async Task<SearchReply> SearchAsync(int page, int size, CancellationToken cancellationToken) =>
            new(await RangeAsync((page - 1) * size, size, cancellationToken), _all.Length);

        public async Task<Issue[]> RangeAsync(long offset, int count, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return [.. _all.Skip((int)offset).Take(count)];
        }
    }
}
