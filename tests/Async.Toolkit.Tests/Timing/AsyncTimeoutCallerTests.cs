using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>Who cancelled is never in doubt.</summary>
public sealed class AsyncTimeoutCallerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _clock = new();
    private readonly CancellationTokenSource _caller = new();

    public void Dispose() => _caller.Dispose();

    [Fact]
    public async Task A_caller_who_cancels_before_the_deadline_gets_a_cancellation_with_its_own_token()
    {
        Task run = AsyncTimeout.RunAsync(Limited(), ct => ct.UntilCanceled(), _caller.Token);

        await _caller.CancelAsync();
        Assert.Equal(_caller.Token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task A_caller_who_cancels_after_the_strike_comes_too_late()
    {
        var gate = new Gate();
        Task run = AsyncTimeout.RunAsync(Limited(), async ct =>
        {
            await ct.UntilCanceled().Ended();
            await gate.Opened;
            ct.ThrowIfCancellationRequested();
        }, _caller.Token);

        _clock.Advance(Limit);
        await _caller.CancelAsync();
        gate.Open();
        Assert.IsType<TimeoutException>(await run.OnlyFailure());
    }

    [Fact]
    public async Task A_caller_who_has_cancelled_when_the_limit_strikes_wins()
    {
        // The token is canceled while our own registration on it has not been called yet: callbacks run last in, first out.
        Task run = AsyncTimeout.RunAsync(Limited(), ct => ct.UntilCanceled(), _caller.Token);
        _caller.Token.Register(() => _clock.Advance(Limit));

        await _caller.CancelAsync();
        Assert.Equal(_caller.Token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task A_limit_that_strikes_at_the_instant_before_the_caller_cancels_wins()
    {
        var gate = new Gate();
        Task run = AsyncTimeout.RunAsync(Limited(), async ct =>
        {
            await gate.Opened;
            await ct.UntilCanceled();
        }, _caller.Token);

        // Together, in the other order; nobody has seen either of them yet.
        _clock.Advance(Limit);
        await _caller.CancelAsync();
        gate.Open();
        Assert.IsType<TimeoutException>(await run.OnlyFailure());
    }

    [Fact]
    public async Task A_failure_beats_the_callers_cancellation()
    {
        var cleanup = new InvalidOperationException();
        Task run = AsyncTimeout.RunAsync(Limited(), async ct =>
        {
            await ct.UntilCanceled().Ended();
            throw cleanup;
        }, _caller.Token);

        await _caller.CancelAsync();
        Assert.Same(cleanup, await run.OnlyFailure());
    }

    [Fact]
    public async Task A_result_beats_the_callers_cancellation()
    {
        Task<int> run = AsyncTimeout.RunAsync(Limited(), async ct =>
        {
            await ct.UntilCanceled().Ended();
            return 42;
        }, _caller.Token);

        await _caller.CancelAsync();
        Assert.Equal(42, await run.Guarded());
    }

    [Fact]
    public async Task An_operation_that_listens_to_the_callers_token_itself_is_canceled_by_the_caller()
    {
        Task run = AsyncTimeout.RunAsync(Limited(), _ => _caller.Token.UntilCanceled(), _caller.Token);

        await _caller.CancelAsync();
        Assert.Equal(_caller.Token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task A_token_canceled_already_starts_nothing()
    {
        await _caller.CancelAsync();
        bool called = false;
        Func<CancellationToken, Task> operation = _ => { called = true; return Task.CompletedTask; };
        Assert.Equal(_caller.Token, (await AsyncTimeout.RunAsync(Limit, operation, _caller.Token).Cancellation()).CancellationToken);
        Assert.Equal(_caller.Token, (await AsyncTimeout.RunAsync(TimeSpan.Zero, operation, _caller.Token).Cancellation()).CancellationToken);
        Assert.Equal(_caller.Token, (await AsyncTimeout.TryRunAsync(TimeSpan.Zero, operation, _caller.Token).Cancellation()).CancellationToken);
        Assert.False(called);
    }

    [Fact]
    public async Task A_caller_who_cancels_while_the_operation_starts_cancels_it()
    {
        Task run = AsyncTimeout.RunAsync(Limited(), async ct =>
        {
            _caller.Cancel();
            await ct.UntilCanceled();
        }, _caller.Token);

        Assert.Equal(_caller.Token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task An_operation_that_succeeds_at_once_while_the_caller_cancels_is_kept_and_its_callbacks_have_ended()
    {
        bool called = false;
        Task<int> run = AsyncTimeout.RunAsync(Limited(), ct =>
        {
            ct.Register(() => called = true);
            _caller.Cancel();
            return ValueTask.FromResult(42);
        }, _caller.Token);

        Assert.Equal(42, await run.Guarded());
        Assert.True(called);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure(bool limited)
    {
        using var foreign = new CancellationTokenSource();
        await foreign.CancelAsync();
        AsyncTimeoutOptions options = limited ? Limited() : new();
        ChildCanceledException thrown = Assert.IsType<ChildCanceledException>(
            await AsyncTimeout.RunAsync(options, async _ => { await Task.Yield(); foreign.Token.ThrowIfCancellationRequested(); }, _caller.Token).OnlyFailure());
        Assert.Equal(foreign.Token, Assert.IsType<OperationCanceledException>(thrown.InnerException).CancellationToken);
    }

    private AsyncTimeoutOptions Limited() => new() { Timeout = Limit, TimeProvider = _clock };
}
