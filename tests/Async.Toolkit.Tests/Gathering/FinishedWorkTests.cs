using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class FinishedWorkTests
{
    [Fact]
    public async Task A_worker_that_comes_too_late_for_any_item_leaves_nothing_undone()
    {
        // Whether the second worker is still on its way when the only item cancels is a matter of luck, of which there is enough here.
        for (int round = 0; round < 500; round++)
        {
            using var cancellation = new CancellationTokenSource();
            int[] results = await Gather.AllAsync([round], (item, token) =>
            {
                cancellation.Cancel();
                return Task.FromResult(item);
            }, cancellation.Token).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

            Assert.Equal([round], results);
        }
    }

    [Fact]
    public async Task Items_of_a_source_whose_end_is_unknown_are_not_all_finished()
    {
        using var cancellation = new CancellationTokenSource();
        Task<int[]> call = Gather.AllAsync(new CountingSource(1).AsEnumerable(), maxConcurrency: 1, (item, token) =>
        {
            cancellation.Cancel();
            return Task.FromResult(item);
        }, cancellation.Token);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task Results_of_any_number_of_items_are_all_there(int count) =>
        Assert.Equal(Enumerable.Range(0, count), await Gather.AllAsync(new CountingSource(count).AsEnumerable(), maxConcurrency: 2, static (item, _) => Task.FromResult(item), TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_source_that_takes_its_time_to_end_is_waited_for_once()
    {
        int[] results = await Gather.AllAsync(Items(), maxConcurrency: 2, static (item, _) => Task.FromResult(item), TestContext.Current.CancellationToken).Guarded();
        Assert.Equal([0, 1], results);

        static async IAsyncEnumerable<int> Items()
        {
            yield return 0;
            yield return 1;
            await Task.Yield();
        }
    }

    [Fact]
    public void A_token_that_is_canceled_already_ends_every_call_before_it_returns()
    {
        var canceled = new CancellationToken(canceled: true);
        var source = new CountingSource(3);
        IEnumerable<int> items = source.AsEnumerable();
        Task[] calls =
        [
            Gather.AllAsync(items, Echo, canceled),
            Gather.SettledAsync(items, Echo, canceled),
            Gather.FirstSuccessAsync(items, Echo, canceled),
            Gather.FirstSuccessesAsync(items, count: 1, Echo, canceled),
            Gather.ForEachAsync(items, maxConcurrency: 1, Echo, canceled),
            Gather.AllAsync(ct => Echo(1, ct), ct => Echo(2, ct), canceled),
        ];

        Assert.All(calls, static call => Assert.Equal(TaskStatus.Canceled, call.Status));
        Assert.Equal(0, source.Opened);

        static Task<int> Echo(int item, CancellationToken token) => Task.FromResult(item);
    }
}
