using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class ItemTimeoutTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_item_that_takes_too_long_fails_alone_and_is_named()
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Settled<int>[]> call = Gather.SettledAsync([0, 1, 2], new() { ItemTimeout = Limit, TimeProvider = _clock, Name = "pages" }, async (item, token) =>
        {
            if (item == 1)
            {
                Task forEver = Task.Delay(Timeout.InfiniteTimeSpan, token);
                waits.SetResult();
                await forEver;
            }

            return item;
        }, TestToken);

        await waits.Task.WaitAsync(Guard, TestToken);
        Assert.False(call.IsCompleted);
        _clock.Advance(Limit);
        Settled<int>[] settled = await call.WaitAsync(Guard, TestToken);

        Assert.Equal([true, false, true], settled.Select(static item => item.IsSuccess));
        var failure = Assert.IsType<TimeoutException>(Assert.Single(settled[1].Exceptions));
        Assert.StartsWith("Item 1 of 'pages'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_item_has_its_own_time()
    {
        int[] results = await Gather.AllAsync(Enumerable.Range(0, 20), new() { MaxConcurrency = 1, ItemTimeout = Limit, TimeProvider = _clock }, async (item, token) =>
        {
            await Task.Yield();
            _clock.Advance(Limit - TimeSpan.FromSeconds(1));
            token.ThrowIfCancellationRequested();
            return item;
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Equal(Enumerable.Range(0, 20), results);
    }

    [Fact]
    public async Task An_item_that_succeeds_after_its_time_has_succeeded()
    {
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int[] results = await Gather.AllAsync([7], new() { ItemTimeout = Limit, TimeProvider = _clock }, async (item, token) =>
        {
            using CancellationTokenRegistration tells = token.Register(struck.SetResult);
            _clock.Advance(Limit);
            await struck.Task.WaitAsync(Guard, CancellationToken.None);
            return item;
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Equal([7], results);
    }

    [Fact]
    public async Task A_failure_after_the_time_comes_before_the_TimeoutException()
    {
        var failure = new IOException("while cleaning up");
        Task<int[]> call = Gather.AllAsync([0], new() { ItemTimeout = Limit, TimeProvider = _clock }, async (item, token) =>
        {
            try
            {
                Task forEver = Task.Delay(Timeout.InfiniteTimeSpan, token);
                _clock.Advance(Limit);
                await forEver;
            }
            catch (OperationCanceledException)
            {
                throw failure;
            }

            return item;
        }, TestToken);

        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => call.WaitAsync(Guard, TestToken)));
        Assert.Equal([typeof(IOException), typeof(TimeoutException)], call.Exception!.InnerExceptions.Select(static one => one.GetType()));
    }

    [Fact]
    public async Task A_failure_that_means_canceled_is_not_told_beside_the_TimeoutException()
    {
        Task<int[]> call = Gather.AllAsync([0], new() { ItemTimeout = Limit, TimeProvider = _clock, IsCancellation = static failure => failure is IOException }, async (item, token) =>
        {
            var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration tells = token.Register(canceled.SetResult);
            _clock.Advance(Limit);
            await canceled.Task.WaitAsync(Guard, CancellationToken.None);
            return item < 0 ? item : throw new IOException("the remote side says: canceled");
        }, TestToken);

        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Guard, TestToken));
        Assert.Single(call.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task The_callers_cancellation_reaches_items_under_a_limit()
    {
        using var cancellation = new CancellationTokenSource();
        Task<int[]> call = Gather.AllAsync([0, 1], new() { ItemTimeout = Limit, TimeProvider = _clock }, async (item, token) =>
        {
            Task forEver = Task.Delay(Timeout.InfiniteTimeSpan, token);
            await cancellation.CancelAsync();
            await forEver;
            return item;
        }, cancellation.Token);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Guard, TestToken));
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_stays_a_failure()
    {
        Task call = Gather.ForEachAsync([0], new() { MaxConcurrency = 1, ItemTimeout = Limit, TimeProvider = _clock }, static (item, token) => throw new OperationCanceledException("the server hung up"), TestToken);

        await Assert.ThrowsAsync<ChildCanceledException>(() => call.WaitAsync(Guard, TestToken));
    }

    [Fact]
    public async Task Waiting_for_a_permit_does_not_count()
    {
        using var limiter = new ClockedLimiter(_clock, 1, 2 * Limit);
        int ended = 0;
        Task<int[]> call = Gather.AllAsync([0, 1], new() { MaxConcurrency = 2, RateLimiter = limiter, ItemTimeout = Limit, TimeProvider = _clock }, async (item, token) =>
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            Interlocked.Increment(ref ended);
            return item;
        }, TestToken);

        // A lease that is back says that the item before has ended, and its limit with it.
        while (limiter.Waiting == 0 || Volatile.Read(ref ended) == 0 || limiter.OpenLeases > 0)
        {
            TestToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        _clock.Advance(2 * Limit);
        int[] results = await call.WaitAsync(Guard, TestToken);

        Assert.Equal([0, 1], results);
    }

    [Fact]
    public async Task A_timer_that_cannot_be_disposed_does_not_hold_the_call_up()
    {
        Task<int[]> call = Gather.AllAsync([0, 1], new() { MaxConcurrency = 2, ItemTimeout = Limit, TimeProvider = new BrokenTimerTime() }, static async (item, token) =>
        {
            await Task.Yield();
            return item;
        }, TestToken);

        Assert.All(await call.Failures(), static failure => Assert.IsType<NotSupportedException>(failure));
    }

    [Theory, InlineData(0), InlineData(-2)]
    public void A_time_that_is_none_is_named_with_its_value(int seconds)
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new GatherOptions { ItemTimeout = TimeSpan.FromSeconds(seconds) });

        Assert.Equal("ItemTimeout", thrown.ParamName);
        Assert.Equal(TimeSpan.FromSeconds(seconds), thrown.ActualValue);
    }
}
