using Async.Toolkit.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>A limit strikes at its time, to the tick, and this is what comes of it.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class AsyncTimeoutStrikeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_limit_that_strikes_cancels_the_operation_and_says_TimeoutException() => VirtualTime.RunAsync(async time =>
    {
        Exception thrown = await AsyncTimeout.RunAsync(Limited(time), ct => ct.UntilCanceled()).OnlyFailure();

        Assert.Equal("The operation did not end within its time limit of 00:00:02.", Assert.IsType<TimeoutException>(thrown).Message);
        Assert.Equal(Limit, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task The_message_names_a_named_operation() => VirtualTime.RunAsync(async time =>
    {
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Name = "prices", Timeout = Limit, TimeProvider = time.Provider }, ct => ct.UntilCanceled());

        Assert.Equal("Operation 'prices' did not end within its time limit of 00:00:02.", (await run.OnlyFailure()).Message);
    }, TestToken);

    [Fact]
    public Task An_operation_that_swallows_the_cancellation_and_returns_has_succeeded() => VirtualTime.RunAsync(async time =>
    {
        Assert.Equal(42, await AsyncTimeout.RunAsync(Limited(time), async _ =>
        {
            await time.Delay(2 * Limit, CancellationToken.None);
            return 42;
        }));
        Assert.Equal(2 * Limit, time.Elapsed);
    }, TestToken);

    [Fact]
    public Task A_failure_after_the_strike_comes_first_and_the_TimeoutException_second() => VirtualTime.RunAsync(async time =>
    {
        var cleanup = new InvalidOperationException("cleanup");
        Task run = AsyncTimeout.RunAsync(Limited(time), async ct =>
        {
            await ct.UntilCanceled().Ended();
            throw cleanup;
        });

        IReadOnlyList<Exception> failures = await run.Failures();
        Assert.Equal(2, failures.Count);
        Assert.Same(cleanup, failures[0]);
        Assert.IsType<TimeoutException>(failures[1]);
        Assert.Same(cleanup, await Assert.ThrowsAsync<InvalidOperationException>(() => run));
    }, TestToken);

    [Fact]
    public Task A_callback_that_throws_is_one_more_failure_after_the_first() => VirtualTime.RunAsync(async time =>
    {
        var inCallback = new ArithmeticException();
        var cleanup = new InvalidOperationException();
        IReadOnlyList<Exception> failures = await AsyncTimeout.RunAsync(Limited(time), async ct =>
        {
            ct.Register(() => throw inCallback);
            await ct.UntilCanceled().Ended();
            throw cleanup;
        }).Failures();

        Assert.Equal([cleanup, inCallback], failures.Take(2));
        Assert.IsType<TimeoutException>(failures[2]);
    }, TestToken);

    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    public Task A_limit_longer_than_a_timer_can_hold_strikes_at_its_time(int days) => VirtualTime.RunAsync(async time =>
    {
        Task run = AsyncTimeout.RunAsync(new AsyncTimeoutOptions { Timeout = TimeSpan.FromDays(days), TimeProvider = time.Provider }, ct => ct.UntilCanceled());

        Assert.IsType<TimeoutException>(await run.OnlyFailure());
        Assert.Equal(days, time.Elapsed.TotalDays);
    }, TestToken);

    private static AsyncTimeoutOptions Limited(VirtualTime time) => new() { Timeout = Limit, TimeProvider = time.Provider };
}
