using Async.Toolkit.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

[Collection(nameof(OnVirtualTime))]
public sealed class AsyncTimeoutTryRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_operation_in_time_is_completed_with_its_value() => VirtualTime.RunAsync(async time =>
    {
        Assert.Equal((true, 42), await AsyncTimeout.TryRunAsync(Limited(time), async ct => { await time.Delay(Limit / 2, ct); return 42; }));
        Assert.Equal((true, 42), await AsyncTimeout.TryRunAsync(Limited(time), _ => ValueTask.FromResult(42)));
        Assert.True(await AsyncTimeout.TryRunAsync(Limited(time), ct => time.Delay(Limit / 2, ct)));
        Assert.True(await AsyncTimeout.TryRunAsync(Limited(time), _ => ValueTask.CompletedTask));
    }, TestToken);

    [Fact]
    public Task A_limit_that_strikes_is_no_exception() => VirtualTime.RunAsync(async time =>
    {
        Assert.Equal((false, null), await AsyncTimeout.TryRunAsync(Limited(time), async ct => { await ct.UntilCanceled(); return "text"; }));
        Assert.False(await AsyncTimeout.TryRunAsync(Limited(time), ct => ct.UntilCanceled()));
        Assert.Equal(2 * Limit, time.Elapsed);
    }, TestToken);

    [Fact]
    public async Task Zero_starts_nothing_and_is_not_completed()
    {
        bool called = false;
        Assert.False(await AsyncTimeout.TryRunAsync(TimeSpan.Zero, _ => { called = true; return Task.CompletedTask; }, TestToken));
        Assert.Equal((false, 0), await AsyncTimeout.TryRunAsync(TimeSpan.Zero, _ => { called = true; return Task.FromResult(42); }, TestToken));
        Assert.False(called);
    }

    [Fact]
    public Task An_operation_that_swallows_the_cancellation_has_completed() => VirtualTime.RunAsync(async time =>
        Assert.Equal((true, 42), await AsyncTimeout.TryRunAsync(Limited(time), async ct => { await ct.UntilCanceled().Ended(); return 42; })), TestToken);

    [Fact]
    public Task A_failure_is_thrown_before_the_strike_and_after_it() => VirtualTime.RunAsync(async time =>
    {
        var failure = new InvalidOperationException();
        Assert.Same(failure, await AsyncTimeout.TryRunAsync(Limited(time), async _ => { await Task.Yield(); throw failure; }).OnlyFailure());
        Assert.Same(failure, (await AsyncTimeout.TryRunAsync(Limited(time), async ct => { await ct.UntilCanceled().Ended(); throw failure; }).Failures())[0]);
    }, TestToken);

    [Fact]
    public Task The_callers_cancellation_is_thrown() => VirtualTime.RunAsync(async time =>
    {
        using var caller = new CancellationTokenSource(Limit / 2, time.Provider);

        Task run = AsyncTimeout.TryRunAsync(Limited(time), ct => ct.UntilCanceled(), caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
    }, TestToken);

    private static AsyncTimeoutOptions Limited(VirtualTime time) => new() { Timeout = Limit, TimeProvider = time.Provider };
}
