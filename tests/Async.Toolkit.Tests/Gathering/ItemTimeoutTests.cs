using Async.Toolkit.Testing;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

[Collection(nameof(OnVirtualTime))]
public sealed class ItemTimeoutTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_item_that_takes_too_long_fails_alone_and_is_named() => VirtualTime.RunAsync(async time =>
    {
        Settled<int>[] settled = await Gather.SettledAsync([0, 1, 2], new() { ItemTimeout = Limit, TimeProvider = time.Provider, Name = "pages" }, async (item, token) =>
        {
            await time.Delay(item == 1 ? 2 * Limit : Limit / 2, token);
            return item;
        });

        Assert.Equal([true, false, true], settled.Select(static item => item.IsSuccess));
        var failure = Assert.IsType<TimeoutException>(Assert.Single(settled[1].Exceptions));
        Assert.StartsWith("Item 1 of 'pages'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Limit, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task Each_item_has_its_own_time() => VirtualTime.RunAsync(async time =>
    {
        await Gather.ForEachAsync(Enumerable.Range(0, 20), Limited(time), (_, token) => time.Delay(0.8 * Limit, token));

        Assert.Equal(20 * 0.8 * Limit, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task An_item_that_succeeds_after_its_time_has_succeeded() => VirtualTime.RunAsync(async time =>
    {
        int[] results = await Gather.AllAsync([7], Limited(time), async (item, _) =>
        {
            await time.Delay(2 * Limit, CancellationToken.None);
            return item;
        });

        Assert.Equal([7], results);
    }, TestToken);

    [Fact]
    public Task A_failure_after_the_time_comes_before_the_TimeoutException() => VirtualTime.RunAsync(async time =>
    {
        var failure = new IOException("while cleaning up");
        Task call = Gather.ForEachAsync([0], Limited(time), async (_, token) =>
        {
            await token.UntilCanceled().Ended();
            throw failure;
        });

        IReadOnlyList<Exception> failures = await call.Failures();
        Assert.Same(failure, failures[0]);
        Assert.Equal([typeof(IOException), typeof(TimeoutException)], failures.Select(static one => one.GetType()));
    }, TestToken);

    [Fact]
    public Task A_failure_that_means_canceled_is_not_told_beside_the_TimeoutException() => VirtualTime.RunAsync(async time =>
    {
        var options = new GatherOptions { MaxConcurrency = 1, ItemTimeout = Limit, TimeProvider = time.Provider, IsCancellation = static failure => failure is IOException };
        Task call = Gather.ForEachAsync([0], options, async (_, token) =>
        {
            await token.UntilCanceled().Ended();
            throw new IOException("the remote side says: canceled");
        });

        Assert.IsType<TimeoutException>(await call.OnlyFailure());
    }, TestToken);

    [Fact]
    public Task A_callback_that_throws_at_the_strike_fails_an_item_that_succeeds_and_nothing_else_is_told() => VirtualTime.RunAsync(async time =>
    {
        var broken = new IOException("the callback broke");
        Task call = Gather.ForEachAsync([0], Limited(time), async (_, token) =>
        {
            token.Register(() => throw broken);
            await token.UntilCanceled().Ended();
        });

        Assert.Same(broken, await call.OnlyFailure());
    }, TestToken);

    [Fact]
    public async Task The_callbacks_of_a_strike_are_waited_for_when_the_item_has_ended_at_once()
    {
        int posts = 0;
        var clock = new FakeTimeProvider();
        var broken = new IOException("the callback broke");
        var context = new PostContext((callback, state) =>
        {
            Interlocked.Increment(ref posts);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        });
        using var striking = new ManualResetEventSlim();
        using var ended = new ManualResetEventSlim();
        Task call = Gather.ForEachAsync([0], new() { MaxConcurrency = 1, ItemTimeout = Limit, TimeProvider = clock }, (_, token) =>
        {
            token.Register(() =>
            {
                striking.Set();
                ended.Wait(CancellationToken.None);

                // Gives the item the chance to be over.
                for (int turn = 0; turn < 1000; turn++)
                {
                    Thread.Yield();
                }

                throw broken;
            });
            clock.Advance(Limit);
            striking.Wait(CancellationToken.None);
            SynchronizationContext.SetSynchronizationContext(context);
            ended.Set();
            return Task.CompletedTask;
        }, TestToken);

        Assert.Same(broken, await call.OnlyFailure());
        Assert.Equal(0, posts);
    }

    [Fact]
    public Task A_limit_inside_the_item_that_struck_too_is_the_only_one_told() => VirtualTime.RunAsync(async time =>
    {
        var inner = new AsyncTimeoutOptions { Timeout = Limit / 2, TimeProvider = time.Provider };
        Task call = Gather.ForEachAsync([0], Limited(time), async (_, token) =>
        {
            Task limited = AsyncTimeout.RunAsync(inner, static ct => ct.UntilCanceled(), CancellationToken.None);
            await token.UntilCanceled().Ended();
            await limited;
        });

        Assert.StartsWith("The operation", (await call.OnlyFailure()).Message, StringComparison.Ordinal);
    }, TestToken);

    [Theory, InlineData(true), InlineData(false)]
    public async Task One_timer_serves_one_item_after_another_and_is_disposed_at_the_end(bool isSynchronous)
    {
        var clock = new CountingTime(TimeProvider.System);
        int most = 0;
        await Gather.ForEachAsync(Enumerable.Range(0, 50), new() { MaxConcurrency = 1, ItemTimeout = TimeSpan.FromHours(1), TimeProvider = clock }, async (_, _) =>
        {
            most = Math.Max(most, clock.Alive);
            if (!isSynchronous)
            {
                await Task.Yield();
            }
        }, TestToken).Guarded();

        Assert.Equal((1, 1, 0), (most, clock.Created, clock.Alive));
    }

    [Fact]
    public Task The_callers_cancellation_reaches_items_under_a_limit() => VirtualTime.RunAsync(async time =>
    {
        using var caller = new CancellationTokenSource(Limit / 2, time.Provider);
        Task call = Gather.ForEachAsync([0, 1], Limited(time), static (_, token) => token.UntilCanceled(), caller.Token);

        Assert.Equal(caller.Token, (await call.Cancellation()).CancellationToken);
    }, TestToken);

    [Fact]
    public Task A_cancellation_that_nobody_asked_for_stays_a_failure() => VirtualTime.RunAsync(async time =>
        Assert.IsType<ChildCanceledException>(
            await Gather.ForEachAsync([0], Limited(time), static (_, _) => throw new OperationCanceledException("the server hung up")).OnlyFailure()), TestToken);

    [Fact]
    public Task Waiting_for_a_permit_does_not_count() => VirtualTime.RunAsync(async time =>
    {
        using var limiter = new ClockedLimiter(time.Provider, 1, 2 * Limit);
        await Gather.ForEachAsync([0, 1], new() { MaxConcurrency = 2, RateLimiter = limiter, ItemTimeout = Limit, TimeProvider = time.Provider }, (_, token) => time.Delay(0.8 * Limit, token));

        Assert.Equal(2.8 * Limit, time.Elapsed);
    }, TestToken);

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

    private static GatherOptions Limited(VirtualTime time) => new() { MaxConcurrency = 1, ItemTimeout = Limit, TimeProvider = time.Provider };
}
