using Async.Toolkit.Pages;
using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

public sealed class RepeatedContinuationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task The_same_cursor_twice_ends_the_loop(int prefetch)
    {
        var seen = new List<string>();

        string message = await Failure(Circle(1).Prefetch(prefetch), seen);

        Assert.Equal(["first", "0"], seen);
        Assert.Equal(
            "Page 2 leads back to page 2: its continuation was followed before, and the pages would go round in circles. If a continuation may come again, allow it with AllowRepeatedContinuations.",
            message);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(17, 0)]
    [InlineData(17, 4)]
    public async Task A_circle_of_any_length_ends_the_loop_before_a_page_comes_twice_and_names_both_pages(int length, int prefetch)
    {
        var seen = new List<string>();

        string message = await Failure(Circle(length).Prefetch(prefetch), seen);

        Assert.Equal(["first", .. Enumerable.Range(0, length).Select(static page => $"{page}")], seen);
        Assert.Contains($"Page {length + 1} leads back to page 2:", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public async Task Links_in_a_circle_end_the_loop_too(int length)
    {
        int fetches = 0;
        using HttpClient client = LinkServer.ClientOf((request, _) =>
        {
            Assert.InRange(++fetches, 1, 100);
            int page = request.RequestUri!.Query is { Length: > 0 } query ? int.Parse(query[1..], null) : 0;
            return Task.FromResult(LinkServer.Reply(request, [page], $"<?{(page + 1) % length}>; rel=next"));
        });

        PageSequence<int> pages = Paging.ByLink(client, new Uri("https://api.example/items?0"), LinkJson.Default.Int32Array);
        var seen = new List<int>();
        var failure = Assert.IsType<PagingException>(await pages.Loop(seen).OnlyFailure());

        Assert.Equal(Enumerable.Range(0, length), seen);
        Assert.Contains($"Page {length} leads back to page 1:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_leads_back_to_where_the_loop_went_on_from_is_found_out()
    {
        var seen = new List<string>();

        string message = await Failure(Circle(3).ResumeFrom("1"), seen);

        Assert.Equal(["1", "2", "0"], seen);
        Assert.Contains("Page 3 leads back to page 1:", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_feed_that_means_it_may_come_back(int prefetch)
    {
        string[] seen = await Circle(2).AllowRepeatedContinuations().Prefetch(prefetch).Take(6).ToArrayAsync(TestContext.Current.CancellationToken).AsTask().Guarded();

        Assert.Equal(["first", "0", "1", "0", "1", "0"], seen);
    }

    [Fact]
    public async Task Each_enumeration_remembers_its_own_continuations()
    {
        PageSequence<int> sequence = Styles.ByCursor(PageServer.Of(4));

        Assert.Equal(await sequence.Loop().Guarded(), await sequence.Loop().Guarded());
    }

    [Fact]
    public void The_guard_is_as_good_as_a_dictionary() =>
        Gen.Select(Gen.String[Gen.Char["ab\0é"], 0, 6], Gen.Int[1, 1_000]).Array[0, 400].Sample(static uses =>
        {
            var guard = new RepeatGuard();
            var model = new Dictionary<string, int>();
            foreach ((string continuation, int page) in uses)
            {
                model.TryAdd(continuation, page);
                if (guard.FirstUse(continuation, page) != model[continuation])
                {
                    return false;
                }
            }

            return true;
        });

    [Fact]
    public void The_guard_holds_as_many_continuations_as_come()
    {
        const int Many = 200_000;
        var guard = new RepeatGuard();

        for (int page = 1; page <= Many; page++)
        {
            Assert.Equal(page, guard.FirstUse($"c{page}", page));
        }

        for (int page = 1; page <= Many; page += 997)
        {
            Assert.Equal(page, guard.FirstUse($"c{page}", Many + 1));
        }
    }

    // The first page, and behind it a circle of so many; a loop that does not find it out must not go on for ever.
    private static PageSequence<string> Circle(int length)
    {
        int fetches = 0;
        return Paging.ByCursor(async (cursor, _) =>
        {
            await Task.Yield();
            Assert.InRange(Interlocked.Increment(ref fetches), 1, 100);
            return new CursorPage<string>([cursor ?? "first"], cursor is null ? "0" : $"{(int.Parse(cursor, null) + 1) % length}");
        });
    }

    private static async Task<string> Failure(PageSequence<string> sequence, List<string> seen) =>
        Assert.IsType<PagingException>(await sequence.Loop(seen).OnlyFailure()).Message;
}
