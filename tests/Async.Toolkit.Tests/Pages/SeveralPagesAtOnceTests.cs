using Async.Toolkit.Tests.Fakes;
using CsCheck;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

public sealed class SeveralPagesAtOnceTests
{
    [Fact]
    public async Task Pages_keep_their_order_however_their_fetches_end()
    {
        await Gen.Select(Gen.Int[1, 12], Gen.Int[1, 3], Gen.Bool, Gen.Int[0, 3].Array[16], Gen.Int[2, 6]).SampleAsync(
            static async (int pages, int last, bool tellsTotal, int[] yields, int concurrency) =>
            {
                var server = new PageServer(PageServer.PagesOf(pages, last))
                {
                    TellsTotal = tellsTotal,
                    OnFetch = async (page, _) =>
                    {
                        for (int i = 0; i < yields[page % yields.Length]; i++)
                        {
                            await Task.Yield();
                        }
                    },
                };

                Assert.Equal(server.Items, await Styles.ByPageNumber(server).Concurrency(concurrency).Loop().Guarded());
                Assert.InRange(server.MostRunning, 1, concurrency);
                Assert.Equal(0, server.Running);
            },
            iter: 1_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_end_that_is_learned_late_is_kept_to_and_what_was_asked_for_behind_it_does_not_matter(bool byNumber)
    {
        var logger = new FakeLogger();
        PageServer server = RefusingBehindTheEnd();

        AddressablePageSequence<int> sequence = byNumber ? Styles.ByPageNumber(server) : Styles.ByOffset(server);
        Assert.Equal(server.Items, await sequence.Concurrency(4).LogTo(logger).Loop().Guarded());

        AssertOfNoConsequence(logger, 2);
    }

    [Fact]
    public async Task A_loop_that_is_left_in_the_last_page_has_no_use_for_what_is_behind_it_either()
    {
        var logger = new FakeLogger();
        PageServer server = RefusingBehindTheEnd();

        await Styles.ByPageNumber(server).Concurrency(4).LogTo(logger).LoopWhile(static item => Task.FromResult(item < PageServer.PageSize));

        AssertOfNoConsequence(logger, 2);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public async Task What_was_asked_for_at_a_wrong_place_does_not_matter_wherever_the_loop_is_left(int consumed)
    {
        // Asked for three items it gives two, and refuses what was guessed from that.
        var logger = new FakeLogger();
        var refused = new Gate(3);
        int guesses = 0;
        AddressablePageSequence<long> sequence = Paging.ByOffset<long>(3, async (offset, _) =>
        {
            if (offset > 0 && Interlocked.Increment(ref guesses) <= 3)
            {
                refused.Open();
                throw new HttpRequestException("404");
            }

            await refused.Opened;
            return new([offset, offset + 1], 8);
        });

        var seen = new List<long>();
        await sequence.Concurrency(4).LogTo(logger).LoopWhile(item =>
        {
            seen.Add(item);
            return Task.FromResult(seen.Count < consumed);
        });

        Assert.Equal(Enumerable.Range(0, consumed).Select(static item => (long)item), seen);
        AssertOfNoConsequence(logger, 3);
    }

    [Fact]
    public async Task What_runs_behind_the_end_is_canceled_and_waited_for()
    {
        var server = new PageServer(PageServer.PagesOf(1))
        {
            OnFetch = static async (page, token) =>
            {
                if (page > 0)
                {
                    await Task.WhenAny(token.UntilCanceled());
                    await Task.Yield();
                }
            },
        };

        Assert.Equal([0, 1, 2], await Styles.ByPageNumber(server).Concurrency(4).Loop().Guarded());
        Assert.Equal(0, server.Running);
    }

    [Fact]
    public async Task Once_the_total_is_known_nothing_behind_it_is_asked_for()
    {
        // Only the first window can reach beyond: the first page tells the total before anything else is asked for.
        var server = PageServer.Of(10);

        await Styles.ByPageNumber(server).Concurrency(4).Loop().Guarded();

        Assert.Equal(Enumerable.Range(0, 10), server.Asked.Order());
    }

    [Fact]
    public async Task A_later_page_that_fails_first_does_not_keep_the_earlier_ones_from_coming()
    {
        var failure = new InvalidOperationException("refused");
        var failed = new Gate();
        var server = PageServer.Of(4, onFetch: async (page, _) =>
        {
            if (page == 2)
            {
                failed.Open();
                throw failure;
            }

            await failed.Opened;
        });
        var seen = new List<int>();

        Assert.Same(failure, await Styles.ByPageNumber(server).Concurrency(3).Loop(seen).OnlyFailure());
        Assert.Equal([0, 1, 2, 3, 4, 5], seen);
    }

    [Fact]
    public async Task Of_several_failures_the_earliest_page_surfaces_and_the_others_are_logged()
    {
        var logger = new FakeLogger();
        var late = new Gate();
        var server = PageServer.Of(4, onFetch: async (page, _) =>
        {
            if (page == 2)
            {
                late.Open();
                throw new InvalidOperationException("page 2");
            }

            if (page == 1)
            {
                await late.Opened;
                throw new InvalidOperationException("page 1");
            }
        });

        Assert.Equal("page 1", (await Styles.ByPageNumber(server).Concurrency(3).LogTo(logger).Loop().OnlyFailure()).Message);
        Assert.Equal("page 2", Assert.Single(logger.Of(40)).Exception!.Message);
    }

    [Fact]
    public async Task No_page_beyond_the_allowed_number_is_asked_for()
    {
        var server = PageServer.Of(10);

        Assert.IsType<PagingException>(await Styles.ByPageNumber(server).Concurrency(8).MaxPages(3).Loop().OnlyFailure());
        Assert.Equal([0, 1, 2], server.Asked.Order());
    }

    [Fact]
    public async Task Shorter_pages_than_announced_are_walked_by_what_they_hold()
    {
        // Asked for three items it gives two: what was asked for at 3, 6 and 9 is of no use.
        var asked = new List<long>();
        var guessed = new Gate(4);
        AddressablePageSequence<long> sequence = Paging.ByOffset<long>(3, async (offset, _) =>
        {
            lock (asked)
            {
                asked.Add(offset);
            }

            guessed.Open();
            await guessed.Opened;
            return new([.. new[] { offset, offset + 1 }.Where(static item => item < 11)], 11);
        });

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], await sequence.Concurrency(4).Prefetch(2).Loop().Guarded());
        Assert.Equal([0, 2, 3, 4, 6, 6, 8, 9, 10], asked.Order());
    }

    // Its last page tells the end only when the pages behind it have failed.
    private static PageServer RefusingBehindTheEnd()
    {
        var refused = new Gate(2);
        return new PageServer(PageServer.PagesOf(2))
        {
            OnFetch = async (page, _) =>
            {
                if (page >= 2)
                {
                    refused.Open();
                    throw new HttpRequestException("404");
                }

                await refused.Opened;
            },
        };
    }

    private static void AssertOfNoConsequence(FakeLogger logger, int failures)
    {
        Assert.Equal(failures, logger.Entries.Count);
        Assert.All(logger.Entries, static entry => Assert.Equal((42, LogLevel.Debug), (entry.Event.Id, entry.Level)));
    }
}
