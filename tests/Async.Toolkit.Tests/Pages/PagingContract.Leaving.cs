using Xunit;

namespace Async.Toolkit.Tests.Pages;

// How a loop is left before its end: by break, by an exception, by a cancellation.
public abstract partial class PagingContract
{
    [Fact]
    public async Task Leaving_the_loop_leaves_nothing_running()
    {
        var server = PageServer.Of(Pages, onFetch: static (page, token) => page < 2 ? Task.CompletedTask : RunUntilCanceled(token));

        await Sequence(server).LoopWhile(async item =>
        {
            if (item < PageServer.PageSize)
            {
                return true;
            }

            // In the second page: with pages ahead, the third one is being fetched by now.
            await (ahead > 0 ? server.AskedFor(2) : Task.CompletedTask);
            return false;
        });

        Assert.Equal(0, server.Running);
    }

    [Fact]
    public async Task A_loop_that_throws_leaves_nothing_running_and_its_exception_passes()
    {
        var server = PageServer.Of(Pages, onFetch: static (page, token) => page < 1 ? Task.CompletedTask : RunUntilCanceled(token));
        var thrown = new InvalidOperationException("the loop's own");

        Task loop = Sequence(server).LoopWhile(async _ =>
        {
            await (ahead > 0 ? server.AskedFor(1) : Task.CompletedTask);
            throw thrown;
        });

        Assert.Same(thrown, await loop.OnlyFailure());
        Assert.Equal(0, server.Running);
    }

    [Fact]
    public async Task A_cancellation_in_the_middle_of_a_fetch_ends_the_loop_with_the_callers_token()
    {
        var server = PageServer.Of(Pages, onFetch: static (page, token) => page < 2 ? Task.CompletedTask : RunUntilCanceled(token));
        using var source = new CancellationTokenSource();
        await using IAsyncEnumerator<int> items = await BeforeTheThirdPage(server, source.Token);

        Task<bool> third = items.MoveNextAsync().AsTask();
        await server.AskedFor(2);
        await source.CancelAsync();

        OperationCanceledException canceled = await third.Cancellation();
        Assert.Equal(source.Token, canceled.CancellationToken);
        Assert.Equal(0, server.Running);
    }

    [Fact]
    public async Task A_fetch_that_ignores_its_cancellation_is_waited_for_and_its_page_does_not_come()
    {
        var finish = new Gate();
        var server = PageServer.Of(Pages, onFetch: (page, _) => page < 2 ? Task.CompletedTask : finish.Opened);
        using var source = new CancellationTokenSource();
        await using IAsyncEnumerator<int> items = await BeforeTheThirdPage(server, source.Token);

        Task<bool> third = items.MoveNextAsync().AsTask();
        await server.AskedFor(2);
        await source.CancelAsync();
        Assert.False(third.IsCompleted);
        finish.Open();

        OperationCanceledException canceled = await third.Cancellation();
        Assert.Equal(source.Token, canceled.CancellationToken);
        Assert.Equal(0, server.Running);
    }

    [Fact]
    public async Task After_a_cancellation_no_further_item_of_the_page_comes()
    {
        var server = PageServer.Of(Pages);
        using var source = new CancellationTokenSource();
        await using IAsyncEnumerator<int> items = Sequence(server).GetAsyncEnumerator(source.Token);

        Assert.True(await items.MoveNextAsync().AsTask().Guarded());
        await source.CancelAsync();

        OperationCanceledException canceled = await items.MoveNextAsync().AsTask().Cancellation();
        Assert.Equal(source.Token, canceled.CancellationToken);
        Assert.Equal(0, items.Current);
    }

    [Fact]
    public async Task A_cancellation_behind_the_last_item_changes_nothing()
    {
        var server = PageServer.Of(2);
        using var source = new CancellationTokenSource();
        await using IAsyncEnumerator<int> items = Sequence(server).GetAsyncEnumerator(source.Token);
        for (int i = 0; i < server.Items.Length; i++)
        {
            Assert.True(await items.MoveNextAsync().AsTask().Guarded());
        }

        await source.CancelAsync();

        Assert.False(await items.MoveNextAsync().AsTask().Guarded());
    }

    [Fact]
    public async Task A_token_that_is_canceled_already_starts_nothing()
    {
        var server = PageServer.Of(Pages);
        var token = new CancellationToken(canceled: true);

        OperationCanceledException canceled = await Sequence(server).Loop(cancellationToken: token).Cancellation();

        Assert.Equal(token, canceled.CancellationToken);
        Assert.Empty(server.Asked);
    }

    // Two pages consumed, the third one next.
    private async Task<IAsyncEnumerator<int>> BeforeTheThirdPage(PageServer server, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<int> items = Sequence(server).GetAsyncEnumerator(cancellationToken);
        for (int item = 0; item < 2 * PageServer.PageSize; item++)
        {
            Assert.True(await items.MoveNextAsync().AsTask().Guarded());
            Assert.Equal(item, items.Current);
        }

        return items;
    }
}
