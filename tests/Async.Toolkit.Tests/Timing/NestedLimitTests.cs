using Async.Toolkit.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

/// <summary>The earliest limit strikes, and only its owner says <see cref="TimeoutException"/>.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class NestedLimitTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_outer_limit_is_the_earlier_one() => VirtualTime.RunAsync(async time =>
    {
        Task? inner = null;
        Task outer = AsyncTimeout.RunAsync(Limit(time, "outer", 2), ct => inner = AsyncTimeout.RunAsync(Limit(time, "inner", 3), c => c.UntilCanceled(), ct));

        Assert.Equal("Operation 'outer' did not end within its time limit of 00:00:02.", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message);
        await inner!.Cancellation();
        Assert.Equal(2, time.Elapsed.TotalSeconds);
    }, TestToken);

    [Fact]
    public Task The_inner_limit_is_the_earlier_one() => VirtualTime.RunAsync(async time =>
    {
        Task outer = AsyncTimeout.RunAsync(Limit(time, "outer", 3), ct => AsyncTimeout.RunAsync(Limit(time, "inner", 2), c => c.UntilCanceled(), ct));

        Assert.Equal("Operation 'inner' did not end within its time limit of 00:00:02.", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message);
        Assert.Equal(2, time.Elapsed.TotalSeconds);
    }, TestToken);

    [Fact]
    public Task The_outer_limit_strikes_while_the_inner_one_waits_for_its_operation() => VirtualTime.RunAsync(async time =>
    {
        Task outer = AsyncTimeout.RunAsync(Limit(time, "outer", 3), ct => AsyncTimeout.RunAsync(Limit(time, "inner", 2), async c =>
        {
            await time.Delay(TimeSpan.FromSeconds(4), CancellationToken.None);
            c.ThrowIfCancellationRequested();
        }, ct));

        Assert.Contains("'inner'", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message, StringComparison.Ordinal);
        Assert.Equal(4, time.Elapsed.TotalSeconds);
    }, TestToken);

    [Fact]
    public Task Of_equal_limits_only_one_says_so() => VirtualTime.RunAsync(async time =>
    {
        Task outer = AsyncTimeout.RunAsync(Limit(time, "outer", 2), ct => AsyncTimeout.RunAsync(Limit(time, "inner", 2), c => c.UntilCanceled(), ct));

        Assert.Contains("00:00:02", Assert.IsType<TimeoutException>(await outer.OnlyFailure()).Message, StringComparison.Ordinal);
    }, TestToken);

    [Fact]
    public Task A_limit_inside_that_has_said_so_is_enough_also_among_other_failures() => VirtualTime.RunAsync(async time =>
    {
        var other = new InvalidOperationException();
        TimeoutException inside = await Assert.ThrowsAsync<TimeoutException>(() => AsyncTimeout.RunAsync(TimeSpan.Zero, _ => Task.CompletedTask));

        // Not by an await, which would throw the first of the failures only.
        IReadOnlyList<Exception> failures = await AsyncTimeout.RunAsync(Limit(time, "outer", 2), ct => ct.UntilCanceled().ContinueWith(
            _ => Task.WhenAll(Task.FromException(other), Task.FromException(inside)),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default).Unwrap()).Failures();
        Assert.Equal([other, inside], failures);
    }, TestToken);

    [Fact]
    public Task A_foreign_TimeoutException_after_the_strike_does_not_hide_ours() => VirtualTime.RunAsync(async time =>
    {
        var foreign = new TimeoutException("the database's own");
        IReadOnlyList<Exception> failures = await AsyncTimeout.RunAsync(Limit(time, "ours", 2), async ct =>
        {
            await ct.UntilCanceled().Ended();
            throw foreign;
        }).Failures();

        Assert.Equal(2, failures.Count);
        Assert.Same(foreign, failures[0]);
        Assert.Contains("'ours'", failures[1].Message, StringComparison.Ordinal);
    }, TestToken);

    [Fact]
    public Task A_limit_around_a_group_cancels_it_and_waits_for_its_children() => VirtualTime.RunAsync(async time =>
    {
        Task run = AsyncTimeout.RunAsync(Limit(time, "around", 2), ct => TaskGroup.RunAsync(group =>
        {
            group.Start(async c =>
            {
                await time.Delay(TimeSpan.FromSeconds(5), CancellationToken.None);
                c.ThrowIfCancellationRequested();
            });
            return Task.CompletedTask;
        }, ct));

        Assert.Contains("'around'", Assert.IsType<TimeoutException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
        Assert.Equal(5, time.Elapsed.TotalSeconds);
    }, TestToken);

    [Fact]
    public Task A_group_with_a_limit_inside_a_limit_says_its_own() => VirtualTime.RunAsync(async time =>
    {
        Task run = AsyncTimeout.RunAsync(Limit(time, "around", 3), ct => TaskGroup.RunAsync(
            new TaskGroupOptions { Name = "inside", Timeout = TimeSpan.FromSeconds(2), TimeProvider = time.Provider }, group => group.CancellationToken.UntilCanceled(), ct));

        Assert.Contains("'inside'", Assert.IsType<TimeoutException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
    }, TestToken);

    [Fact]
    public Task A_limit_inside_a_group_fails_the_child_and_the_group() => VirtualTime.RunAsync(async time =>
    {
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(ct => AsyncTimeout.RunAsync(Limit(time, "inside", 2), c => c.UntilCanceled(), ct));
            group.Start(ct => ct.UntilCanceled());
            return Task.CompletedTask;
        });

        Assert.Contains("'inside'", Assert.IsType<TimeoutException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
        Assert.Equal(2, time.Elapsed.TotalSeconds);
    }, TestToken);

    private static AsyncTimeoutOptions Limit(VirtualTime time, string name, int seconds) => new() { Name = name, Timeout = TimeSpan.FromSeconds(seconds), TimeProvider = time.Provider };
}
