using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>The earliest limit strikes, and only its owner says <see cref="TimeoutException"/>.</summary>
public sealed class NestedLimitTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task The_outer_limit_is_the_earlier_one()
    {
        Task? inner = null;
        Task outer = AsyncTimeout.RunAsync(Limit("outer", 2), ct => inner = AsyncTimeout.RunAsync(Limit("inner", 3), c => c.UntilCanceled(), ct), TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Operation 'outer' did not end within its time limit of 00:00:02.", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message);
        await inner!.Cancellation();
    }

    [Fact]
    public async Task The_inner_limit_is_the_earlier_one()
    {
        Task outer = AsyncTimeout.RunAsync(Limit("outer", 3), ct => AsyncTimeout.RunAsync(Limit("inner", 2), c => c.UntilCanceled(), ct), TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Operation 'inner' did not end within its time limit of 00:00:02.", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message);
    }

    [Fact]
    public async Task The_outer_limit_strikes_while_the_inner_one_waits_for_its_operation()
    {
        var gate = new Gate();
        Task outer = AsyncTimeout.RunAsync(Limit("outer", 3), ct => AsyncTimeout.RunAsync(Limit("inner", 2), async c =>
        {
            await c.UntilCanceled().Ended();
            await gate.Opened;
            c.ThrowIfCancellationRequested();
        }, ct), TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(1));
        gate.Open();
        Assert.Contains("'inner'", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_equal_limits_only_one_says_so()
    {
        Task outer = AsyncTimeout.RunAsync(Limit("outer", 2), ct => AsyncTimeout.RunAsync(Limit("inner", 2), c => c.UntilCanceled(), ct), TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("00:00:02", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_TimeoutException_after_the_strike_does_not_hide_ours()
    {
        var foreign = new TimeoutException("the database's own");
        Task run = AsyncTimeout.RunAsync(Limit("ours", 2), async ct =>
        {
            await ct.UntilCanceled().Ended();
            throw foreign;
        }, TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromSeconds(2));
        IReadOnlyList<Exception> failures = await run.Failures();
        Assert.Equal(2, failures.Count);
        Assert.Same(foreign, failures[0]);
        Assert.Contains("'ours'", failures[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_around_a_group_cancels_it_and_waits_for_its_children()
    {
        bool ended = false;
        var started = new Gate();
        Task run = AsyncTimeout.RunAsync(Limit("around", 2), ct => TaskGroup.RunAsync(group =>
        {
            group.Start(async c =>
            {
                started.Open();
                await c.UntilCanceled().Ended();
                ended = true;
                c.ThrowIfCancellationRequested();
            });
            return Task.CompletedTask;
        }, ct), TestContext.Current.CancellationToken);

        await started.Reached();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("'around'", Assert.IsType<TimeoutException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
        Assert.True(ended);
    }

    [Fact]
    public async Task A_group_with_a_limit_inside_a_limit_says_its_own()
    {
        Task run = AsyncTimeout.RunAsync(Limit("around", 3), ct => TaskGroup.RunAsync(
            new TaskGroupOptions { Name = "inside", Timeout = TimeSpan.FromSeconds(2), TimeProvider = _clock }, group => group.CancellationToken.UntilCanceled(), ct), TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("'inside'", Assert.IsType<TimeoutException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_inside_a_group_fails_the_child_and_the_group()
    {
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(ct => AsyncTimeout.RunAsync(Limit("inside", 2), c => c.UntilCanceled(), ct));
            group.Start(ct => ct.UntilCanceled());
            return Task.CompletedTask;
        }, TestContext.Current.CancellationToken);

        // The child arms its limit on the pool: the clock moves until it has.
        while (!run.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains("'inside'", Assert.IsType<TimeoutException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
    }

    private AsyncTimeoutOptions Limit(string name, int seconds) => new() { Name = name, Timeout = TimeSpan.FromSeconds(seconds), TimeProvider = _clock };
}
