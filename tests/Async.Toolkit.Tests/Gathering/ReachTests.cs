using Async.Toolkit.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>When the successes that were asked for can no longer be reached.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class ReachTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_source_whose_size_is_known_no_item_starts_that_cannot_help_any_more()
    {
        var started = new List<int>();
        Exception[] failures = [new IOException("0"), new IOException("1")];
        Task<int[]> call = Gather.FirstSuccessesAsync([0, 1, 2, 3], maxConcurrency: 1, count: 3, (item, token) =>
        {
            started.Add(item);
            return item < 2 ? Task.FromException<int>(failures[item]) : Task.FromResult(item);
        }, TestToken);

        Assert.Equal(failures, await call.Failures());
        Assert.Equal([0, 1], started);
    }

    [Fact]
    public async Task A_source_that_breaks_gives_no_more_items()
    {
        var broken = new IOException("the source broke");
        var source = new CountingSource(3) { BeforeItem = index => index < 2 ? default : ValueTask.FromException(broken) };
        Task<int[]> call = Gather.FirstSuccessesAsync(source.AsEnumerable(), maxConcurrency: 3, count: 3, async (item, token) =>
        {
            // Ends with the call alone.
            await token.UntilCanceled();
            return item;
        }, TestToken);

        Assert.Same(broken, await call.OnlyFailure());
    }

    [Fact]
    public Task A_source_that_broke_is_not_asked_again() => VirtualTime.RunAsync(async time =>
    {
        int asked = 0;
        var broke = new Gate();
        var last = new Gate();
        var source = new CountingSource
        {
            BeforeItem = index =>
            {
                if (index < 2)
                {
                    return default;
                }

                asked++;
                broke.Open();
                return ValueTask.FromException(new IOException("the source broke"));
            },
        };
        Task<int> call = Gather.FirstSuccessAsync(source.AsAsyncEnumerable(), maxConcurrency: 3, async (item, _) =>
        {
            await (item == 0 ? broke : last).Opened;
            return item == 0 ? throw new IOException("the first item") : item;
        }, TestToken);

        // The first item has failed by now, and its worker has looked for another one.
        await time.SettleAsync();
        last.Open();
        Assert.Equal(1, await call);
        Assert.Equal(1, asked);
    }, TestToken);

    [Fact]
    public async Task Successes_that_were_not_enough_are_disposed()
    {
        var disposed = new List<int>();
        var failure = new IOException("the last one failed");
        Task<Result[]> call = Gather.FirstSuccessesAsync([0, 1, 2], new() { MaxConcurrency = 1, DisposeDiscarded = true }, count: 3, (item, token) =>
            item == 2 ? Task.FromException<Result>(failure) : Task.FromResult(new Result(item, disposed)), TestToken);

        Assert.Same(failure, await call.OnlyFailure());
        Assert.Equal([0, 1], disposed);
    }

    private sealed class Result(int item, List<int> disposed) : IDisposable
    {
        public void Dispose() => disposed.Add(item);
    }
}
