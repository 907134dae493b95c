using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

/// <summary>Where sequences by page number and by offset end, and what they do about servers that give less than they were asked for.</summary>
public sealed class EndOfCountedPagesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 2)]
    [InlineData(7, 3)]
    public async Task A_total_saves_the_request_behind_the_end(int items, int requests)
    {
        foreach (Counted style in Styles(3))
        {
            (List<int> seen, List<long> asked) = await Walk(style, items, cap: 3, tellsTotal: true);

            Assert.Equal(Enumerable.Range(0, items), seen);
            Assert.Equal(requests, asked.Count);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public async Task Without_a_total_an_empty_page_ends(int items, int requests)
    {
        foreach (Counted style in Styles(3))
        {
            (List<int> seen, List<long> asked) = await Walk(style, items, cap: 3, tellsTotal: false);

            Assert.Equal(Enumerable.Range(0, items), seen);
            Assert.Equal(requests, asked.Count);
        }
    }

    [Fact]
    public async Task An_offset_that_no_number_can_hold_ends_the_loop()
    {
        PageSequence<int> sequence = Paging.ByOffset<int>(2, static (_, _) => ValueTask.FromResult(new CountedPage<int>([1]))).ResumeFrom("9223372036854775807");

        Assert.IsType<OverflowException>(await sequence.Loop().OnlyFailure());
    }

    [Fact]
    public async Task A_continuation_is_the_number_of_the_next_page_and_bears_a_mark_once_pages_were_not_full()
    {
        Assert.Equal(["2", "3", null], await ContinuationsOf(Paging.ByPageNumber<int>(2, static (page, _) => ValueTask.FromResult(new CountedPage<int>([page, page], 6)))));
        Assert.Equal(["2+", "3+", null], await ContinuationsOf(Paging.ByPageNumber<int>(2, static (page, _) => ValueTask.FromResult(new CountedPage<int>(page < 3 ? [page] : [], 2)))));

        static Task<string?[]> ContinuationsOf(PageSequence<int> sequence) =>
            sequence.Pages().Select(static page => page.Continuation).ToArrayAsync(TestContext.Current.CancellationToken).AsTask().Guarded();
    }

    [Fact]
    public async Task A_server_that_caps_the_page_size_without_a_word_loses_nothing() =>
        await Gen.Select(Gen.Int[0, 60], Gen.Int[1, 12], Gen.Int[1, 12], Gen.Bool, Gen.Int[0, 3], Gen.Int[1, 5]).SampleAsync(
            static async (int items, int size, int cap, bool tellsTotal, int prefetch, int concurrency) =>
            {
                foreach (Counted style in Styles(size))
                {
                    (List<int> seen, _) = await Walk(style, items, cap, tellsTotal, sequence => sequence.Prefetch(prefetch).Concurrency(concurrency));
                    Assert.Equal(Enumerable.Range(0, items), seen);
                }
            },
            iter: 1_000);

    [Fact]
    public async Task Nor_does_a_run_that_is_resumed_anywhere() =>
        await Gen.Select(Gen.Int[1, 40], Gen.Int[1, 12], Gen.Int[1, 12], Gen.Bool).SampleAsync(
            static async (int items, int size, int cap, bool tellsTotal) =>
            {
                foreach (Counted style in Styles(size))
                {
                    AddressablePageSequence<int> sequence = style.Sequence([], items, cap, tellsTotal);
                    int seen = 0;
                    foreach (Page<int> page in await sequence.Pages().Loop().Guarded())
                    {
                        seen += page.Items.Count;
                        if (page.Continuation is { } continuation)
                        {
                            Assert.Equal(Enumerable.Range(seen, items - seen), await sequence.ResumeFrom(continuation).Loop().Guarded());
                        }
                    }
                }
            },
            iter: 200);

    [Fact]
    public async Task Numbers_begin_where_the_server_begins()
    {
        foreach (int first in (int[])[0, 1, 5])
        {
            var asked = new List<int>();
            AddressablePageSequence<int> sequence = Paging.ByPageNumber<int>(2, first, (page, _) =>
            {
                asked.Add(page);
                return Task.FromResult(new CountedPage<int>([page, page], 6));
            });

            Assert.Equal([first, first, first + 1, first + 1, first + 2, first + 2], await sequence.Loop().Guarded());
            Assert.Equal([first, first + 1, first + 2], asked);
            asked.Clear();
            Assert.Equal([first + 2, first + 2], await sequence.ResumeFrom($"{first + 2}").Loop().Guarded());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_page_larger_than_announced_ends_the_loop_behind_those_before_it(int concurrency)
    {
        AddressablePageSequence<int> sequence = Paging.ByPageNumber<int>(2, static async (page, _) =>
        {
            await Task.Yield();
            return new(page == 3 ? [5, 6, 7] : [page, page], 100);
        });
        var seen = new List<int>();

        var failure = Assert.IsType<PagingException>(await sequence.Concurrency(concurrency).Loop(seen).OnlyFailure());

        Assert.Equal("Page 3 has 3 items, which is more than the page size that was announced: 2.", failure.Message);
        Assert.Equal([1, 1, 2, 2], seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_negative_total_is_told_with_its_value_behind_the_pages_before_it(int concurrency)
    {
        AddressablePageSequence<int>[] sequences =
        [
            Paging.ByPageNumber<int>(2, static async (page, _) =>
            {
                await Task.Yield();
                return new([page, page], page == 2 ? -7 : 6);
            }),
            Paging.ByOffset<int>(2, static async (offset, _) =>
            {
                await Task.Yield();
                return new([1, 1], offset == 2 ? -7 : 6);
            }),
        ];
        foreach (AddressablePageSequence<int> sequence in sequences)
        {
            var seen = new List<int>();

            var failure = Assert.IsType<PagingException>(await sequence.Concurrency(concurrency).Loop(seen).OnlyFailure());

            Assert.StartsWith("Page 2 tells a total of -7 items", failure.Message, StringComparison.Ordinal);
            Assert.Equal([1, 1], seen);
        }
    }

    [Fact]
    public async Task The_total_is_told_with_each_page()
    {
        (_, long?[] totals) = await Totals(tellsTotal: true);
        Assert.Equal([5, 5, 5], totals);

        (_, totals) = await Totals(tellsTotal: false);
        Assert.Equal([null, null, null, null], totals);

        static async Task<(int, long?[])> Totals(bool tellsTotal)
        {
            List<Page<int>> pages = await new Counted(2, ByNumber: true).Sequence([], 5, 2, tellsTotal).Pages().Loop().Guarded();
            return (pages.Count, [.. pages.Select(static page => page.Total)]);
        }
    }

    private static Counted[] Styles(int pageSize) => [new(pageSize, ByNumber: true), new(pageSize, ByNumber: false)];

    private static async Task<(List<int> Seen, List<long> Asked)> Walk(
        Counted style, int items, int cap, bool tellsTotal, Func<AddressablePageSequence<int>, PageSequence<int>>? set = null)
    {
        var asked = new List<long>();
        AddressablePageSequence<int> sequence = style.Sequence(asked, items, cap, tellsTotal);
        return (await (set?.Invoke(sequence) ?? sequence).Loop().Guarded(), asked);
    }

    private sealed record Counted(int PageSize, bool ByNumber)
    {
        // A server with so many items that gives at most so many a page, whatever it is asked for.
        public AddressablePageSequence<int> Sequence(List<long> asked, int items, int cap, bool tellsTotal)
        {
            int given = Math.Min(PageSize, cap);
            CountedPage<int> From(long place, long start)
            {
                lock (asked)
                {
                    asked.Add(place);
                }

                int[] page = [.. Enumerable.Range(0, items).Skip((int)start).Take(given)];
                return new(page, tellsTotal ? items : null);
            }

            return ByNumber
                ? Paging.ByPageNumber<int>(PageSize, async (page, _) =>
                {
                    await Task.Yield();
                    return From(page, (page - 1L) * given);
                })
                : Paging.ByOffset<int>(PageSize, async (offset, _) =>
                {
                    await Task.Yield();
                    return From(offset, offset);
                });
        }
    }
}
