using System.Runtime.CompilerServices;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

public sealed class AsyncTimeoutScopeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task The_scope_cancels_its_token_and_says_that_it_has_expired()
    {
        await using var limit = new AsyncTimeout(Limited(), TestContext.Current.CancellationToken);
        Task work = limit.Token.UntilCanceled();

        _clock.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(limit.IsExpired);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(limit.IsExpired);
        Assert.Equal(limit.Token, (await work.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task The_callers_cancellation_does_not_make_it_expired_also_when_its_time_passes_later()
    {
        using var caller = new CancellationTokenSource();
        await using var limit = new AsyncTimeout(Limited(), caller.Token);

        await caller.CancelAsync();
        await limit.Token.UntilCanceled().Ended();
        _clock.Advance(Limit);
        Assert.False(limit.IsExpired);
        limit.Reschedule(Limit);
    }

    [Fact]
    public void A_caller_who_has_cancelled_already_cancels_at_once()
    {
        using var limit = new AsyncTimeout(Limited(), new CancellationToken(true));
        Assert.True(limit.Token.IsCancellationRequested);
        Assert.False(limit.IsExpired);
    }

    [Fact]
    public void Zero_has_expired_from_the_beginning()
    {
        using var limit = new AsyncTimeout(TimeSpan.Zero);
        Assert.True(limit.IsExpired);
        Assert.True(limit.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_deadline_is_told_by_the_wall_clock()
    {
        using var limit = new AsyncTimeout(Limited());
        Assert.Equal(_clock.GetUtcNow() + Limit, limit.Deadline);

        _clock.Advance(TimeSpan.FromSeconds(1));
        limit.Reschedule(TimeSpan.FromSeconds(5));
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(5), limit.Deadline);

        limit.Reschedule(Timeout.InfiniteTimeSpan);
        Assert.Null(limit.Deadline);
    }

    [Fact]
    public void Rescheduled_earlier_it_strikes_earlier()
    {
        using var limit = new AsyncTimeout(Limited());
        limit.Reschedule(TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limit.IsExpired);
    }

    [Fact]
    public void Rescheduled_later_it_strikes_later_and_only_then()
    {
        using var limit = new AsyncTimeout(Limited());
        _clock.Advance(TimeSpan.FromSeconds(1));
        limit.Reschedule(TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(limit.IsExpired);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(limit.IsExpired);
    }

    [Fact]
    public void Rescheduled_to_infinite_it_never_strikes_until_rescheduled_again()
    {
        using var limit = new AsyncTimeout(Limited());
        limit.Reschedule(Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromDays(1000));
        Assert.False(limit.IsExpired);

        limit.Reschedule(Limit);
        _clock.Advance(Limit);
        Assert.True(limit.IsExpired);
    }

    [Fact]
    public void Rescheduled_after_the_callers_cancellation_it_waits_for_nothing()
    {
        var clock = new CountingTime(_clock);
        using var caller = new CancellationTokenSource();
        using var limit = new AsyncTimeout(new AsyncTimeoutOptions { TimeProvider = clock }, caller.Token);
        caller.Cancel();
        limit.Reschedule(Limit);

        Assert.Equal(0, clock.Created);
    }

    [Fact]
    public void Rescheduled_to_zero_it_has_expired()
    {
        using var limit = new AsyncTimeout(Limited());
        limit.Reschedule(TimeSpan.Zero);
        Assert.True(limit.IsExpired);
    }

    [Fact]
    public void Expired_it_cannot_be_rescheduled()
    {
        using var limit = new AsyncTimeout(Limited());
        _clock.Advance(Limit);
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => limit.Reschedule(Limit));
        Assert.Equal("The time limit of 00:00:02 has expired and cannot be rescheduled.", thrown.Message);
    }

    [Fact]
    public void Disposed_it_strikes_no_more_and_cannot_be_rescheduled()
    {
        var clock = new CountingTime(_clock);
        using var caller = new CancellationTokenSource();
        var limit = new AsyncTimeout(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = clock }, caller.Token);
        limit.Dispose();
        limit.Dispose();

        _clock.Advance(Limit);
        caller.Cancel();
        Assert.False(limit.Token.IsCancellationRequested);
        Assert.False(limit.IsExpired);
        Assert.Equal(0, clock.Alive);
        Assert.Throws<ObjectDisposedException>(() => limit.Reschedule(Limit));
    }

    [Fact]
    public async Task DisposeAsync_waits_for_the_callbacks_of_a_strike()
    {
        using var hold = new ManualResetEventSlim();
        var inCallback = new Gate();
        var limit = new AsyncTimeout(Limited());
        limit.Token.Register(() =>
        {
            inCallback.Open();
            hold.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
        });

        _clock.Advance(Limit);
        await inCallback.Reached();
        Task disposed = limit.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        hold.Set();
        await disposed.Guarded();
    }

    [Fact]
    public async Task A_callback_that_throws_is_logged()
    {
        var logger = new FakeLogger();
        var failure = new InvalidOperationException();
        await using var limit = new AsyncTimeout(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = _clock, Logger = logger });
        limit.Token.Register(() => throw failure);

        _clock.Advance(Limit);
        Assert.Same(failure, (await logger.First(12)).Exception);
    }

    [Fact]
    public void AbandonAfter_is_refused_since_a_scope_waits_for_nothing()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => new AsyncTimeout(new AsyncTimeoutOptions { AbandonAfter = Limit }));
        Assert.Equal("options", thrown.ParamName);
        Assert.Contains("AbandonAfter (00:00:02)", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposed_it_is_not_kept_by_the_callers_token()
    {
        using var caller = new CancellationTokenSource();
        Assert.True(await Used(caller.Token).IsCollected());
        Assert.False(caller.IsCancellationRequested);
    }

    [Fact]
    public async Task A_clock_without_timers_opens_no_scope_and_is_not_kept_by_the_callers_token()
    {
        using var caller = new CancellationTokenSource();
        Assert.True(await Refused(caller.Token).IsCollected());
        Assert.False(caller.IsCancellationRequested);
    }

    // Each scope has a clock of its own, which lives as long as the scope does.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Used(CancellationToken caller)
    {
        var clock = new FakeTimeProvider();
        new AsyncTimeout(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = clock }, caller).Dispose();
        return new WeakReference(clock);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Refused(CancellationToken caller)
    {
        var clock = new BrokenTime();
        Assert.Throws<NotSupportedException>(() => new AsyncTimeout(new AsyncTimeoutOptions { Timeout = Limit, TimeProvider = clock }, caller));
        return new WeakReference(clock);
    }

    private AsyncTimeoutOptions Limited() => new() { Timeout = Limit, TimeProvider = _clock };
}
