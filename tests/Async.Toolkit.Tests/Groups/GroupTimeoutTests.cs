using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary><see cref="TaskGroupOptions.Timeout"/>, always on a clock that the test moves.</summary>
public sealed class GroupTimeoutTests
{
    [Fact]
    public async Task When_the_timeout_passes_the_children_are_canceled_and_awaited_and_the_group_says_TimeoutException()
    {
        var clock = new FakeTimeProvider();
        var canceled = new Gate();
        var started = new Gate();
        var release = new Gate();
        TaskGroup? kept = null;
        Task run = TaskGroup.RunAsync(new() { Name = "tide", Timeout = TimeSpan.FromSeconds(5), TimeProvider = clock }, async group =>
        {
            kept = group;
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                canceled.Open();
                await release.Opened;
                ct.ThrowIfCancellationRequested();
            });
            await group.CancellationToken.UntilCanceled();
        });

        await started.Reached();
        clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(CancellationReason.None, kept!.CancellationReason);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(CancellationReason.Timeout, kept.CancellationReason);
        await canceled.Reached();
        Assert.False(run.IsCompleted);
        release.Open();
        TimeoutException thrown = Assert.IsType<TimeoutException>(await run.OnlyFailure());
        Assert.Contains("'tide'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("00:00:05", thrown.Message, StringComparison.Ordinal);
    }

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
    public async Task Sixty_days_are_waited_for_to_the_end()
    {
        var clock = new FakeTimeProvider();
        TaskGroup? kept = null;
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromDays(60), TimeProvider = clock }, async group =>
        {
            kept = group;
            await group.CancellationToken.UntilCanceled();
        });

        clock.Advance(TimeSpan.FromDays(59.9));
        Assert.Equal(CancellationReason.None, kept!.CancellationReason);
        clock.Advance(TimeSpan.FromDays(0.1));
        Assert.IsType<TimeoutException>(await run.OnlyFailure());
    }

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
    public async Task Work_that_finished_all_the_same_is_kept_when_the_timeout_passes()
    {
        var clock = new FakeTimeProvider();
        Task<int> run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async group =>
        {
            Task<int> child = group.Run(async ct =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                return 4;
            });
            return await child;
        });

        Assert.Equal(4, await run.Guarded());
    }

    [Fact]
    public async Task A_real_failure_beats_the_timeout_and_comes_first()
    {
        var clock = new FakeTimeProvider();
        var failure = new IOException("cleanup");
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async group =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await group.CancellationToken.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
            throw failure;
        });

        IReadOnlyList<Exception> failures = await run.Failures();
        Assert.Same(failure, failures[0]);
        Assert.IsType<TimeoutException>(failures[1]);
        Assert.Equal(2, failures.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limit_within_that_struck_first_says_so_alone_unless_the_outer_one_left_other_work_undone(bool other)
    {
        var clock = new FakeTimeProvider();
        var release = new Gate();
        Task run = TaskGroup.RunAsync(new() { Name = "outer", Timeout = TimeSpan.FromSeconds(2), TimeProvider = clock }, group =>
        {
            group.Start(ct => new ValueTask(TaskGroup.RunAsync(new() { Name = "inner", Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async inner =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                clock.Advance(TimeSpan.FromSeconds(1));
                await release.Opened;
                inner.CancellationToken.ThrowIfCancellationRequested();
            }, ct)));
            if (other)
            {
                group.Start(ct => new ValueTask(ct.UntilCanceled()));
            }

            group.CancellationToken.Register(release.Open);
            return ValueTask.CompletedTask;
        });

        string[] expected = other ? ["'inner'", "'outer'"] : ["'inner'"];
        Assert.Equal(expected, (await run.Failures()).Select(failure => Assert.IsType<TimeoutException>(failure).Message.Split(' ')[2]));
    }

    [Fact]
    public async Task A_failure_before_the_timeout_has_no_timeout_beside_it()
    {
        var clock = new FakeTimeProvider();
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async group =>
        {
            await group.Run(_ => throw failure).Ended();
            clock.Advance(TimeSpan.FromSeconds(1));
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

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
