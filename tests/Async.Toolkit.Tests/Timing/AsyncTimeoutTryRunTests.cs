using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

public sealed class AsyncTimeoutTryRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task An_operation_in_time_is_completed_with_its_value()
    {
        Assert.Equal((true, 42), await AsyncTimeout.TryRunAsync(Limited(), async _ => { await Task.Yield(); return 42; }, TestContext.Current.CancellationToken).Guarded());
        Assert.Equal((true, 42), await AsyncTimeout.TryRunAsync(Limited(), _ => ValueTask.FromResult(42), TestContext.Current.CancellationToken).Guarded());
        Assert.True(await AsyncTimeout.TryRunAsync(Limited(), async _ => await Task.Yield(), TestContext.Current.CancellationToken).Guarded());
        Assert.True(await AsyncTimeout.TryRunAsync(Limited(), _ => ValueTask.CompletedTask, TestContext.Current.CancellationToken).Guarded());
    }

    [Fact]
    public async Task A_limit_that_strikes_is_no_exception()
    {
        Task<(bool Completed, string? Value)> one = AsyncTimeout.TryRunAsync(Limited(), async ct => { await ct.UntilCanceled(); return "text"; }, TestContext.Current.CancellationToken);
        Task<bool> other = AsyncTimeout.TryRunAsync(Limited(), ct => ct.UntilCanceled(), TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        Assert.Equal((false, null), await one.Guarded());
        Assert.False(await other.Guarded());
    }

    [Fact]
    public async Task Zero_starts_nothing_and_is_not_completed()
    {
        bool called = false;
        Assert.False(await AsyncTimeout.TryRunAsync(TimeSpan.Zero, _ => { called = true; return Task.CompletedTask; }, TestContext.Current.CancellationToken));
        Assert.Equal((false, 0), await AsyncTimeout.TryRunAsync(TimeSpan.Zero, _ => { called = true; return Task.FromResult(42); }, TestContext.Current.CancellationToken));
        Assert.False(called);
    }

    [Fact]
    public async Task An_operation_that_swallows_the_cancellation_has_completed()
    {
        Task<(bool Completed, int Value)> run = AsyncTimeout.TryRunAsync(Limited(), async ct => { await ct.UntilCanceled().Ended(); return 42; }, TestContext.Current.CancellationToken);

        _clock.Advance(Limit);
        Assert.Equal((true, 42), await run.Guarded());
    }

    [Fact]
    public async Task A_failure_is_thrown_before_the_strike_and_after_it()
    {
        var failure = new InvalidOperationException();
        Assert.Same(failure, await AsyncTimeout.TryRunAsync(Limited(), async _ => { await Task.Yield(); throw failure; }, TestContext.Current.CancellationToken).OnlyFailure());

        Task run = AsyncTimeout.TryRunAsync(Limited(), async ct => { await ct.UntilCanceled().Ended(); throw failure; }, TestContext.Current.CancellationToken);
        _clock.Advance(Limit);
        Assert.Same(failure, (await run.Failures())[0]);
    }

    [Fact]
    public async Task The_callers_cancellation_is_thrown()
    {
        using var caller = new CancellationTokenSource();
        Task run = AsyncTimeout.TryRunAsync(Limited(), ct => ct.UntilCanceled(), caller.Token);

        await caller.CancelAsync();
        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
    }

    private AsyncTimeoutOptions Limited() => new() { Timeout = Limit, TimeProvider = _clock };
}
