using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class SettledTests
{
    [Fact]
    public async Task Each_item_settles_with_its_own_outcome()
    {
        var failure = new IOException("two");
        Settled<string>[] settled = await Gather.SettledAsync([1, 2, 3], async (item, token) =>
        {
            await Task.Yield();
            return item == 2 ? throw failure : $"value {item}";
        }, TestContext.Current.CancellationToken);

        Assert.Equal(["value 1", "IOException: two", "value 3"], settled.Select(static item => item.ToString()));
        Assert.True(settled[0] is { IsSuccess: true, IsFailure: false, IsCanceled: false, Exception: null, Exceptions: [] });
        Assert.True(settled[1] is { IsSuccess: false, IsFailure: true, IsCanceled: false });
        Assert.Same(failure, settled[1].Exception);
        Assert.True(settled[0].TryGetValue(out string? value));
        Assert.Equal("value 1", value);
        Assert.False(settled[1].TryGetValue(out _));
        Assert.Equal([failure], settled[1].Exceptions);
        var thrown = Assert.Throws<InvalidOperationException>(() => settled[1].Value);
        Assert.Same(failure, thrown.InnerException);
        Assert.Equal("The item failed and has no value: two", thrown.Message);
    }

    [Fact]
    public async Task Items_that_the_caller_canceled_have_settled_when_all_had_started()
    {
        using var cancellation = new CancellationTokenSource();
        var allStarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new CountingSource(3);
        Task<Settled<int>[]> call = Gather.SettledAsync(source.AsEnumerable(), async (item, token) =>
        {
            await source.Ended.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            if (item == 1)
            {
                return item;
            }

            allStarted.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return item;
        }, cancellation.Token);

        await allStarted.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        Settled<int>[] settled = await call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal([true, false, true], settled.Select(static item => item.IsCanceled));
        Assert.Equal("canceled", settled[0].ToString());
        Assert.Equal("The item was canceled and has no value.", Assert.Throws<InvalidOperationException>(() => settled[0].Value).Message);
    }

    [Fact]
    public void The_outcome_of_no_item_has_no_value()
    {
        Settled<int> none = default;

        Assert.True(none is { IsSuccess: false, IsFailure: false, IsCanceled: false, Exceptions: [] });
        Assert.Equal("This is the outcome of no item: it has no value.", Assert.Throws<InvalidOperationException>(() => none.Value).Message);
        Assert.Equal("", none.ToString());
    }
}
