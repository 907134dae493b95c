using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>The life of a group that is opened, joined and disposed.</summary>
public sealed class OpenGroupTests
{
    [Fact]
    public async Task A_join_waits_for_every_child_those_added_meanwhile_included()
    {
        await using TaskGroup group = TaskGroup.Open();
        var release = new Gate();
        bool grandchild = false;
        group.Start(async _ =>
        {
            await release.Opened;
            group.Start(async _ =>
            {
                await Task.Yield();
                grandchild = true;
            });
        });
        Task join = group.JoinAsync();
        Assert.False(join.IsCompleted);
        release.Open();
        await join.Guarded();
        Assert.True(grandchild);
    }

    [Fact]
    public async Task A_group_without_children_stays_open_until_it_is_joined()
    {
        await using TaskGroup group = TaskGroup.Open();
        await group.Run(_ => ValueTask.CompletedTask).Guarded();
        Assert.Equal(2, await group.Run(_ => new ValueTask<int>(2)).Guarded());
        await group.JoinAsync().Guarded();
        Assert.Throws<InvalidOperationException>(() => group.Start(_ => ValueTask.CompletedTask));
    }

    [Fact]
    public async Task A_second_join_gives_the_same_task()
    {
        await using TaskGroup group = TaskGroup.Open();
        Task first = group.JoinAsync();
        Assert.Same(first, group.JoinAsync());
        await first.Guarded();
        Assert.Same(first, group.JoinAsync());
    }

    [Fact]
    public async Task A_join_after_a_dispose_names_the_group()
    {
        TaskGroup group = TaskGroup.Open(new() { Name = "pier" });
        await group.DisposeAsync();
        ObjectDisposedException thrown = Assert.Throws<ObjectDisposedException>(() => { _ = group.JoinAsync(); });
        Assert.Equal("Task group 'pier'", thrown.ObjectName);
        Assert.StartsWith("The group was disposed without having been joined.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_join_after_a_join_and_a_dispose_gives_the_same_task()
    {
        TaskGroup group = TaskGroup.Open();
        Task join = group.JoinAsync();
        await group.DisposeAsync();
        Assert.Same(join, group.JoinAsync());
    }

    [Fact]
    public async Task A_join_throws_all_failures_in_order()
    {
        var failure = new IOException();
        await using TaskGroup group = TaskGroup.Open();
        group.Start(_ => throw failure);
        Assert.Same(failure, await group.JoinAsync().OnlyFailure());
    }

    [Fact]
    public async Task The_callers_token_cancels_the_group_and_the_join_carries_it()
    {
        using var caller = new CancellationTokenSource();
        await using TaskGroup group = TaskGroup.Open(cancellationToken: caller.Token);
        var started = new Gate();
        group.Start(async ct =>
        {
            started.Open();
            await ct.UntilCanceled();
        });
        await started.Reached();
        await caller.CancelAsync();
        Assert.Equal(caller.Token, (await group.JoinAsync().Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task With_a_canceled_token_it_opens_canceled_and_starts_nothing()
    {
        var token = new CancellationToken(canceled: true);
        await using TaskGroup group = TaskGroup.Open(null, token);
        Assert.Equal(CancellationReason.Caller, group.CancellationReason);
        bool called = false;
        Task<int> refused = group.Run(_ =>
        {
            called = true;
            return new ValueTask<int>(1);
        });
        Assert.True(refused.IsCanceled);
        Assert.Equal(token, (await group.JoinAsync().Cancellation()).CancellationToken);
        Assert.False(called);
    }

    [Fact]
    public async Task With_a_zero_timeout_it_opens_canceled_and_starts_nothing()
    {
        await using TaskGroup group = TaskGroup.Open(new() { Timeout = TimeSpan.Zero });
        Assert.Equal(CancellationReason.Timeout, group.CancellationReason);
        Assert.True(group.Run(_ => ValueTask.CompletedTask).IsCanceled);
        Assert.IsType<TimeoutException>(await group.JoinAsync().OnlyFailure());
    }

    [Fact]
    public async Task A_dispose_without_a_join_cancels_and_waits()
    {
        TaskGroup group = TaskGroup.Open();
        var started = new Gate();
        var canceled = new Gate();
        var release = new Gate();
        group.Start(async ct =>
        {
            started.Open();
            await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
            canceled.Open();
            await release.Opened;
        });
        await started.Reached();
        Task dispose = group.DisposeAsync().AsTask();
        await canceled.Reached();
        Assert.False(dispose.IsCompleted);
        Assert.Equal(CancellationReason.Disposed, group.CancellationReason);
        release.Open();
        await dispose.Guarded();
    }

    [Fact]
    public async Task A_dispose_without_a_join_logs_the_failures_and_never_throws_over_another_exception()
    {
        var logger = new FakeLogger();
        Exception[] failures = [new IOException("one"), new FormatException("two")];
        var underWay = new InvalidOperationException("already under way");
        Exception? thrown = await Record.ExceptionAsync(async () =>
        {
            await using TaskGroup group = TaskGroup.Open(new() { Name = "slip", Logger = logger, FailurePolicy = FailurePolicy.WaitForAll, MaxConcurrency = 1 });
            group.Start(_ => throw failures[0]);
            await group.Run(_ => throw failures[1]).Ended();
            throw underWay;
        });

        Assert.Same(underWay, thrown);
        LogEntry entry = Assert.Single(logger.Of(4));
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Contains("'slip'", entry.Message, StringComparison.Ordinal);
        Assert.Equal(failures, Assert.IsType<AggregateException>(entry.Exception).InnerExceptions);
    }

    [Fact]
    public async Task A_dispose_after_a_join_waits_too_and_logs_nothing_of_its_own()
    {
        var logger = new FakeLogger();
        var release = new Gate();
        var failure = new IOException();
        TaskGroup group = TaskGroup.Open(new() { Logger = logger });
        group.Start(async _ =>
        {
            await release.Opened;
            throw failure;
        });
        Task join = group.JoinAsync();
        Task dispose = group.DisposeAsync().AsTask();
        Assert.False(dispose.IsCompleted);
        Assert.Equal(CancellationReason.None, group.CancellationReason);
        release.Open();
        await dispose.Guarded();
        Assert.Same(failure, await join.OnlyFailure());
        Assert.Empty(logger.Of(4));
    }

    [Fact]
    public async Task A_second_dispose_waits_for_the_same_end()
    {
        TaskGroup group = TaskGroup.Open();
        var started = new Gate();
        var release = new Gate();
        group.Start(_ =>
        {
            started.Open();
            return release.Opened;
        });
        await started.Reached();
        Task first = group.DisposeAsync().AsTask();
        Task second = group.DisposeAsync().AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted);
        release.Open();
        await first.Guarded();
        await second.Guarded();
        await group.DisposeAsync();
    }

    [Fact]
    public async Task Running_a_child_in_a_group_that_is_being_disposed_gives_a_canceled_task()
    {
        TaskGroup group = TaskGroup.Open();
        var started = new Gate();
        var release = new Gate();
        group.Start(_ =>
        {
            started.Open();
            return release.Opened;
        });
        await started.Reached();
        Task dispose = group.DisposeAsync().AsTask();
        Assert.True(group.Run(_ => ValueTask.CompletedTask).IsCanceled);
        release.Open();
        await dispose.Guarded();
        Assert.Throws<InvalidOperationException>(() => group.Start(_ => ValueTask.CompletedTask));
    }

    [Fact]
    public async Task Cancel_ends_an_opened_group_normally()
    {
        await using TaskGroup group = TaskGroup.Open();
        Task child = group.Run(ct => ct.UntilCanceled());
        group.Cancel();
        await group.JoinAsync().Guarded();
        await child.Cancellation();
    }

    [Fact]
    public async Task A_group_of_RunAsync_is_joined_and_disposed_by_it_alone()
    {
        await TaskGroup.RunAsync(new() { Name = "berth" }, async group =>
        {
            Assert.Contains("'berth'", Assert.Throws<InvalidOperationException>(() => { _ = group.JoinAsync(); }).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await group.DisposeAsync());
        }).Guarded();
    }
}
