using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

/// <summary>What holds for every style of pagination in every way of walking.</summary>
/// <param name="ahead">How many pages may have been asked for beyond the one that is being consumed.</param>
public abstract partial class PagingContract(int ahead)
{
    private const int Pages = 8;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    internal int Ahead => ahead;

    internal abstract PageSequence<int> Sequence(PageServer server);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(8, 3)]
    [InlineData(8, 1)]
    [InlineData(50, 2)]
    public async Task All_items_come_in_order(int pages, int lastLength)
    {
        var server = PageServer.Of(pages, lastLength);

        Assert.Equal(server.Items, await Sequence(server).Loop().Guarded());
    }

    [Fact]
    public async Task All_items_come_in_order_where_fetches_end_at_once()
    {
        var server = PageServer.Of(Pages, onFetch: static (_, _) => Task.CompletedTask);

        Assert.Equal(server.Items, await Sequence(server).Loop().Guarded());
    }

    [Fact]
    public async Task A_source_without_items_has_no_items()
    {
        var server = new PageServer([[]]);

        Assert.Empty(await Sequence(server).Loop().Guarded());
        Assert.Contains(0, server.Asked);
    }

    [Fact]
    public async Task Nothing_is_asked_for_before_the_first_item_is()
    {
        var server = PageServer.Of(Pages);

        PageSequence<int> sequence = Sequence(server);
        await using (sequence.GetAsyncEnumerator(TestEnd))
        {
        }

        await using (sequence.Pages().GetAsyncEnumerator(TestEnd))
        {
        }

        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task No_page_is_asked_for_twice()
    {
        var server = PageServer.Of(Pages);

        await Sequence(server).Loop().Guarded();

        Assert.Equal(server.Asked.Distinct().Count(), server.Asked.Length);
    }

    [Fact]
    public async Task Two_enumerations_of_one_sequence_do_not_know_each_other()
    {
        var server = PageServer.Of(Pages);
        PageSequence<int> sequence = Sequence(server);
        await using IAsyncEnumerator<int> left = sequence.GetAsyncEnumerator(TestEnd);
        await using IAsyncEnumerator<int> right = sequence.GetAsyncEnumerator(TestEnd);

        var seen = new List<(int, int)>();
        while (await left.MoveNextAsync().AsTask().Guarded() & await right.MoveNextAsync().AsTask().Guarded())
        {
            seen.Add((left.Current, right.Current));
        }

        Assert.Equal(server.Items.Select(static item => (item, item)), seen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(Pages - 1)]
    public async Task A_failed_page_fails_the_loop_when_it_is_reached(int failing)
    {
        var failure = new InvalidOperationException("refused");
        var server = PageServer.Of(Pages, onFetch: (page, _) => page == failing ? RefuseAsync(failure) : Task.CompletedTask);
        var seen = new List<int>();

        Exception caught = await Sequence(server).Loop(seen).OnlyFailure();

        Assert.Same(failure, caught);
        Assert.Contains(nameof(RefuseAsync), caught.StackTrace, StringComparison.Ordinal);
        Assert.Equal(server.Items.Take(failing * PageServer.PageSize), seen);
        Assert.Equal(0, server.Running);
    }

    [Fact]
    public async Task A_failure_that_is_reached_is_not_logged_as_well()
    {
        var logger = new FakeLogger();
        var server = PageServer.Of(Pages, onFetch: static (page, _) => page == 4 ? RefuseAsync(new InvalidOperationException("refused")) : Task.CompletedTask);

        await Sequence(server).LogTo(logger).Loop().OnlyFailure();

        Assert.Empty(logger.Entries);
    }

    [Fact]
    public async Task A_failure_during_the_cancellation_beats_it()
    {
        var failure = new InvalidOperationException("broke while stopping");
        var server = PageServer.Of(Pages, onFetch: async (page, token) =>
        {
            if (page == 2)
            {
                await Task.WhenAny(token.UntilCanceled());
                throw failure;
            }
        });
        using var source = new CancellationTokenSource();

        await using IAsyncEnumerator<int> items = await BeforeTheThirdPage(server, source.Token);

        Task<bool> third = items.MoveNextAsync().AsTask();
        await server.AskedFor(2);
        await source.CancelAsync();

        Assert.Same(failure, await third.OnlyFailure());
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        var canceled = new TaskCanceledException("the client's own time limit");
        var server = PageServer.Of(Pages, onFetch: (page, _) => page == 1 ? throw canceled : Task.CompletedTask);
        var seen = new List<int>();

        var failure = Assert.IsType<ChildCanceledException>(await Sequence(server).Loop(seen).OnlyFailure());

        Assert.Contains("page 2", failure.Message, StringComparison.Ordinal);
        Assert.Same(canceled, failure.InnerException is { InnerException: TaskCanceledException inner } ? inner : failure.InnerException);
        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task A_page_that_failed_ahead_and_is_never_reached_is_logged()
    {
        var failure = new InvalidOperationException("refused");
        var logger = new FakeLogger();
        var failed = new Gate();
        var server = PageServer.Of(Pages, onFetch: async (page, token) =>
        {
            if (page == 2)
            {
                failed.Open();
                throw failure;
            }

            await Task.Yield();
        });

        await Sequence(server).LogTo(logger).LoopWhile(async item =>
        {
            if (item < PageServer.PageSize)
            {
                return true;
            }

            await (ahead > 0 ? failed.Reached() : Task.CompletedTask);
            return false;
        });

        Assert.Equal(ahead > 0 ? [failure] : Array.Empty<Exception>(), logger.Of(40).Select(static entry => entry.Exception!));
        Assert.Equal(ahead > 0 ? 1 : 0, logger.Entries.Count);
    }

    [Fact]
    public async Task A_cancellation_callback_that_throws_is_logged_and_keeps_nothing_from_ending()
    {
        var failure = new InvalidOperationException("the callback's own");
        var logger = new FakeLogger();
        var waiting = new Gate();
        var server = PageServer.Of(Pages, onFetch: async (page, token) =>
        {
            if (page == 1)
            {
                await using CancellationTokenRegistration registration = token.Register(() => throw failure);
                waiting.Open();
                await RunUntilCanceled(token);
            }
        });

        await Sequence(server).LogTo(logger).LoopWhile(async _ =>
        {
            await (ahead > 0 ? waiting.Reached() : Task.CompletedTask);
            return false;
        });

        Assert.Equal(ahead > 0 ? [failure] : Array.Empty<Exception>(), logger.Of(40).Select(static entry => entry.Exception!));
        Assert.Equal(0, server.Running);
    }

    [Fact]
    public async Task An_empty_page_with_a_next_one_goes_on()
    {
        int[][] pages = PageServer.PagesOf(Pages);
        pages[0] = [];
        pages[3] = [];
        pages[4] = [];
        var server = new PageServer(pages);

        Assert.Equal(server.Items, await Sequence(server).Loop().Guarded());
    }

    [Fact]
    public async Task As_many_pages_as_allowed_are_no_reason_to_complain()
    {
        var server = PageServer.Of(Pages);

        Assert.Equal(server.Items, await Sequence(server).MaxPages(Pages).Loop().Guarded());
    }

    [Fact]
    public async Task One_page_more_than_allowed_ends_the_loop_behind_those_that_are()
    {
        var server = PageServer.Of(Pages);
        var seen = new List<int>();

        var failure = Assert.IsType<PagingException>(await Sequence(server).MaxPages(Pages - 1).Loop(seen).OnlyFailure());

        Assert.Contains("MaxPages allows: 7", failure.Message, StringComparison.Ordinal);
        Assert.Equal(server.Items.SkipLast(PageServer.PageSize), seen);
        Assert.Equal(Pages - 1, server.Asked.Length);
    }

    [Fact]
    public async Task From_every_page_the_sequence_goes_on_with_exactly_the_rest()
    {
        var server = PageServer.Of(Pages, lastLength: 2);
        PageSequence<int> sequence = Sequence(server);

        int consumed = 0;
        await sequence.Pages().LoopWhile(async page =>
        {
            consumed++;
            Assert.Equal(consumed == Pages, page.IsLast);
            if (page.Continuation is { } continuation)
            {
                Assert.Equal(server.ItemsFrom(consumed), await sequence.ResumeFrom(continuation).Loop().Guarded());
            }
            else
            {
                Assert.True(page.IsLast);
            }

            return true;
        });

        Assert.Equal(Pages, consumed);
    }

    [Fact]
    public void An_empty_continuation_is_refused_at_once()
    {
        PageSequence<int> sequence = Sequence(PageServer.Of(Pages));

        Assert.Equal("continuation", Assert.Throws<ArgumentNullException>(() => sequence.ResumeFrom(null!)).ParamName);
        Assert.Equal("continuation", Assert.Throws<ArgumentException>(() => sequence.ResumeFrom("")).ParamName);
    }

    [Fact]
    public async Task The_operators_of_Linq_work_on_it()
    {
        var server = PageServer.Of(Pages);

        int[] even = await Sequence(server).Where(static item => item % 2 == 0).Select(static item => item * 10).Take(5).ToArrayAsync(TestEnd).AsTask().Guarded();

        Assert.Equal([0, 20, 40, 60, 80], even);
        Assert.Equal(0, server.Running);
        Assert.Equal(Pages, await Sequence(server).Pages().CountAsync(TestEnd));
    }

    private static async Task RunUntilCanceled(CancellationToken token)
    {
        await Task.WhenAny(token.UntilCanceled());

        // What a cleanup does: the fetch is not over at once.
        await Task.Yield();
        token.ThrowIfCancellationRequested();
    }

    private static async Task RefuseAsync(Exception failure)
    {
        await Task.Yield();
        throw failure;
    }
}
