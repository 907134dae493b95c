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
}
