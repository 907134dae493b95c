using Async.Toolkit.Testing;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary><see cref="TaskGroupOptions.Timeout"/>, on virtual time; on a clock that the test pushes where that has to happen in the middle of a call.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class GroupTimeoutTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task When_the_timeout_passes_the_children_are_canceled_and_awaited_and_the_group_says_TimeoutException() => VirtualTime.RunAsync(async time =>
    {
        var canceled = (CancellationReason.None, TimeSpan.Zero);
        Task run = TaskGroup.RunAsync(new() { Name = "tide", Timeout = 5 * Second, TimeProvider = time.Provider }, async group =>
        {
            group.Start(async ct =>
            {
                await ct.UntilCanceled().Ended();
                canceled = (group.CancellationReason, time.Elapsed);
                await time.Delay(Second, CancellationToken.None);
                ct.ThrowIfCancellationRequested();
            });
            await group.CancellationToken.UntilCanceled();
        });

        TimeoutException thrown = Assert.IsType<TimeoutException>(await run.OnlyFailure());
        Assert.Contains("'tide'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("00:00:05", thrown.Message, StringComparison.Ordinal);
        Assert.Equal((CancellationReason.Timeout, 5 * Second), canceled);
        Assert.Equal(6 * Second, time.Elapsed);
    }, TestToken);

    [Fact]
    public async Task A_zero_timeout_starts_nothing()
    {
        bool called = false;
        ValueTask<int> Body(TaskGroup group)
        {
            called = true;
            return new(1);
        }

        Task<int> run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.Zero }, Body);
        Assert.IsType<TimeoutException>(await run.OnlyFailure());
        Assert.False(called);
    }

    [Fact]
    public async Task A_zero_timeout_with_a_canceled_caller_is_the_callers_cancellation()
    {
        var token = new CancellationToken(canceled: true);
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.Zero }, _ => ValueTask.CompletedTask, token);
        Assert.Equal(token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public Task Sixty_days_are_waited_for_to_the_end() => VirtualTime.RunAsync(async time =>
    {
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromDays(60), TimeProvider = time.Provider }, group => group.CancellationToken.UntilCanceled());

        Assert.IsType<TimeoutException>(await run.OnlyFailure());
        Assert.Equal(60, time.Elapsed.TotalDays);
    }, TestToken);

    [Fact]
    public Task The_time_of_an_open_group_counts_from_its_opening() => VirtualTime.RunAsync(async time =>
    {
        await using TaskGroup group = TaskGroup.Open(new() { Timeout = Second, TimeProvider = time.Provider });
        await time.Delay(Second / 2);
        group.Start(ct => ct.UntilCanceled());

        Assert.IsType<TimeoutException>(await group.JoinAsync().OnlyFailure());
        Assert.Equal(Second, time.Elapsed);
    }, TestToken);

    [Fact]
    public async Task The_longest_possible_timeout_is_accepted()
    {
        await TaskGroup.RunAsync(new() { Timeout = TimeSpan.MaxValue }, _ => ValueTask.CompletedTask).Guarded();
    }

    [Fact]
    public async Task A_caller_who_has_already_canceled_wins_when_the_timer_strikes()
    {
        var clock = new FakeTimeProvider();
        using var caller = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async group =>
        {
            // Called before the group's own registration on the caller's token, because it was made later.
            using CancellationTokenRegistration earlier = caller.Token.Register(() => clock.Advance(TimeSpan.FromSeconds(2)));
            Task wait = group.CancellationToken.UntilCanceled();
            caller.Cancel();
            await wait;
        }, caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task A_caller_who_cancels_after_the_timeout_changes_nothing()
    {
        var clock = new FakeTimeProvider();
        using var caller = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async group =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            caller.Cancel();
            Assert.Equal(CancellationReason.Timeout, group.CancellationReason);
            await group.CancellationToken.UntilCanceled();
        }, caller.Token);

        Assert.IsType<TimeoutException>(await run.OnlyFailure());
    }

    [Fact]
    public Task Work_that_finished_all_the_same_is_kept_when_the_timeout_passes() => VirtualTime.RunAsync(async time =>
    {
        Assert.Equal(4, await TaskGroup.RunAsync(new() { Timeout = Second, TimeProvider = time.Provider }, group => group.Run(async _ =>
        {
            await time.Delay(2 * Second, CancellationToken.None);
            return 4;
        })));
    }, TestToken);

    [Fact]
    public Task A_real_failure_beats_the_timeout_and_comes_first() => VirtualTime.RunAsync(async time =>
    {
        var failure = new IOException("cleanup");
        IReadOnlyList<Exception> failures = await TaskGroup.RunAsync(new() { Timeout = Second, TimeProvider = time.Provider }, async _ =>
        {
            await time.Delay(2 * Second);
            throw failure;
        }).Failures();

        Assert.Same(failure, failures[0]);
        Assert.IsType<TimeoutException>(failures[1]);
        Assert.Equal(2, failures.Count);
    }, TestToken);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_limit_within_that_struck_first_says_so_alone_unless_the_outer_one_left_other_work_undone(bool other) => VirtualTime.RunAsync(async time =>
    {
        Task run = TaskGroup.RunAsync(new() { Name = "outer", Timeout = 2 * Second, TimeProvider = time.Provider }, group =>
        {
            group.Start(ct => TaskGroup.RunAsync(new() { Name = "inner", Timeout = Second, TimeProvider = time.Provider }, async inner =>
            {
                await time.Delay(3 * Second, CancellationToken.None);
                inner.CancellationToken.ThrowIfCancellationRequested();
            }, ct));
            if (other)
            {
                group.Start(ct => ct.UntilCanceled());
            }

            return ValueTask.CompletedTask;
        });

        string[] expected = other ? ["'inner'", "'outer'"] : ["'inner'"];
        Assert.Equal(expected, (await run.Failures()).Select(failure => Assert.IsType<TimeoutException>(failure).Message.Split(' ')[2]));
    }, TestToken);

    [Fact]
    public Task A_failure_before_the_timeout_has_no_timeout_beside_it() => VirtualTime.RunAsync(async time =>
    {
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(new() { Timeout = Second, TimeProvider = time.Provider }, async group =>
        {
            group.Start(_ => throw failure);
            await time.Delay(2 * Second);
        });

        Assert.Same(failure, await run.OnlyFailure());
    }, TestToken);

    [Fact]
    public async Task The_strike_runs_the_callbacks_on_the_pool_and_not_on_the_timers_thread()
    {
        var clock = new FakeTimeProvider();
        Thread? callback = null;
        var called = new Gate();
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async group =>
        {
            group.CancellationToken.Register(() =>
            {
                callback = Thread.CurrentThread;
                called.Open();
            });
            await called.Opened;
        });
        var timer = new Thread(() => clock.Advance(TimeSpan.FromSeconds(1)));
        timer.Start();
        timer.Join();
        await run.Guarded();
        Assert.NotSame(timer, callback);
        Assert.True(callback!.IsThreadPoolThread);
    }

    [Fact]
    public async Task Without_a_timeout_there_is_no_timer()
    {
        var time = new CountingTime(TimeProvider.System);
        await TaskGroup.RunAsync(new() { TimeProvider = time }, async group =>
        {
            await group.Run(async _ => await Task.Yield());
            group.Cancel();
        }).Guarded();
        Assert.Equal(0, time.Created);
    }

    [Fact]
    public async Task The_timers_are_gone_when_the_group_has_ended()
    {
        var time = new CountingTime(new FakeTimeProvider());
        var options = new TaskGroupOptions { Timeout = TimeSpan.FromHours(1), TimeProvider = time, Logger = new FakeLogger() };
        await TaskGroup.RunAsync(options, group =>
        {
            Assert.Equal(1, time.Alive);
            group.Cancel();
            return ValueTask.CompletedTask;
        }).Guarded();
        Assert.Equal(2, time.Created);
        Assert.Equal(0, time.Alive);
    }

    [Fact]
    public async Task A_childs_token_is_the_groups_own_where_no_other_is_asked_for()
    {
        await TaskGroup.RunAsync(async group =>
        {
            Assert.Equal(group.CancellationToken, await group.Run(ct => new ValueTask<CancellationToken>(ct)));
            Assert.Equal(group.CancellationToken, await group.Run(new ChildOptions { Name = "x" }, ct => new ValueTask<CancellationToken>(ct)));
        }).Guarded();
    }
}
