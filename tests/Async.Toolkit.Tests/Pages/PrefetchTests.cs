using Async.Toolkit.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

[Collection(nameof(OnVirtualTime))]
public sealed class PrefetchTests
{
    private const int Pages = 100;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Without_it_fetching_and_consuming_take_turns() =>
        Assert.Equal(TimeSpan.FromSeconds(20), await TimeOf(prefetch: 0));

    // The first fetch alone, then each page's consumption beside the fetch of the next one, and the last page's alone.
    [Fact]
    public async Task One_page_ahead_halves_the_time() =>
        Assert.Equal(TimeSpan.FromSeconds(10.1), await TimeOf(prefetch: 1));

    [Fact]
    public async Task So_many_pages_ahead_as_there_never_are_cost_nothing()
    {
        var server = PageServer.Of(20);

        Assert.Equal(server.Items, await Styles.ByCursor(server).Prefetch(int.MaxValue).Loop().Guarded());
    }

    [Fact]
    public async Task All_pages_that_were_fetched_ahead_come_before_the_failure_behind_them()
    {
        var failure = new InvalidOperationException("refused");
        var failed = new Gate();
        var server = PageServer.Of(6, onFetch: async (page, _) =>
        {
            await Task.Yield();
            if (page == 4)
            {
                failed.Open();
                throw failure;
            }
        });
        var seen = new List<int>();

        Task loop = Styles.ByCursor(server).Prefetch(10).LoopWhile(async item =>
        {
            await failed.Reached();
            seen.Add(item);
            return true;
        });

        Assert.Same(failure, await loop.OnlyFailure());
        Assert.Equal(Enumerable.Range(0, 12), seen);
    }

    [Fact]
    public async Task The_delegate_runs_on_the_pool_and_sees_the_loops_own_values()
    {
        var local = new AsyncLocal<string> { Value = "mine" };
        PageSequence<(string?, bool)> sequence = Paging.ByCursor<(string?, bool)>((_, _) =>
            new(new CursorPage<(string?, bool)>([(local.Value, Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null)], null)));

        Assert.Equal([("mine", true)], await sequence.Prefetch(1).Loop().Guarded());
    }

    [Fact]
    public async Task A_cancellation_before_the_first_fetch_has_begun_ends_the_loop()
    {
        using var cancellation = new CancellationTokenSource();

        // The thread that is to fetch takes over the loop's own values first: exactly then the cancellation comes.
        var values = new AsyncLocal<CancellationTokenSource?>(static change =>
        {
            if (change.ThreadContextChanged)
            {
                change.CurrentValue?.Cancel();
            }
        });
        var server = PageServer.Of(3);
        IAsyncEnumerator<int> loop = Styles.ByCursor(server).Prefetch(1).GetAsyncEnumerator(cancellation.Token);
        values.Value = cancellation;
        Task<bool> step = loop.MoveNextAsync().AsTask();
        values.Value = null;

        Assert.Equal(cancellation.Token, (await step.Cancellation()).CancellationToken);
        Assert.Empty(server.Asked);
        await loop.DisposeAsync();
    }

    [Fact]
    public async Task A_page_that_is_ready_when_the_loop_is_canceled_does_not_come_any_more()
    {
        using var cancellation = new CancellationTokenSource();
        var server = PageServer.Of(4);
        IAsyncEnumerator<Page<int>> loop = Styles.ByCursor(server).Prefetch(2).Pages().GetAsyncEnumerator(cancellation.Token);
        Assert.True(await loop.MoveNextAsync().AsTask().Guarded());

        // Whoever asks for the third page has the second one ready.
        await server.AskedFor(2);
        await cancellation.CancelAsync();

        Assert.Equal(cancellation.Token, (await loop.MoveNextAsync().AsTask().Cancellation()).CancellationToken);
        await loop.DisposeAsync().AsTask().Guarded();
    }

    private static Task<TimeSpan> TimeOf(int prefetch) => VirtualTime.RunAsync(async time =>
    {
        PageSequence<int> sequence = Paging.ByCursor<int>(async (cursor, token) =>
        {
            await time.Delay(Step, token);
            int page = cursor is null ? 0 : int.Parse(cursor, null);
            return new([page], page + 1 < Pages ? $"{page + 1}" : null);
        });
        int consumed = 0;
        await foreach (int page in sequence.Prefetch(prefetch))
        {
            Assert.Equal(consumed++, page);
            await time.Delay(Step);
        }

        Assert.Equal(Pages, consumed);
        return time.Elapsed;
    }, TestContext.Current.CancellationToken);
}
