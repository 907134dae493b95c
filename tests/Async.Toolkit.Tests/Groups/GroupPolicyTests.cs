using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary><see cref="FailurePolicy.WaitForAll"/> and <see cref="FailurePolicy.Isolate"/>.</summary>
public sealed class GroupPolicyTests
{
    [Fact]
    public async Task Waiting_for_all_cancels_nobody_and_throws_every_failure()
    {
        Exception[] failures = [new IOException("first"), new FormatException("second")];
        var release = new Gate();
        bool sawCancellation = false;
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll }, async group =>
        {
            Task first = group.Run(_ => throw failures[0]);
            await first.ContinueWith(static _ => { }, TaskScheduler.Default);
            Task late = group.Run(async ct =>
            {
                await release.Opened;
                sawCancellation = ct.IsCancellationRequested;
                throw failures[1];
            });
            Assert.Equal(CancellationReason.None, group.CancellationReason);
            release.Open();
            await late.ContinueWith(static _ => { }, TaskScheduler.Default);
        });

        Assert.Equal(failures, await run.Failures());
        Assert.False(sawCancellation);
    }

    [Fact]
    public async Task Waiting_for_all_not_even_the_bodys_failure_cancels()
    {
        var failure = new IOException();
        var release = new Gate();
        bool? sawCancellation = null;
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll }, group =>
        {
            group.Start(async ct =>
            {
                await release.Opened;
                sawCancellation = ct.IsCancellationRequested;
            });
            throw failure;
        });

        Assert.False(run.IsCompleted);
        release.Open();
        Assert.Same(failure, await run.OnlyFailure());
        Assert.False(sawCancellation);
    }

    [Fact]
    public async Task Isolated_a_childs_failure_stays_on_its_task_and_the_group_goes_on()
    {
        var failure = new IOException();
        var release = new Gate();
        Task<int>? failed = null;
        Task<string> run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate }, async group =>
        {
            failed = group.Run<int>(_ => throw failure);
            await failed.Ended();
            Assert.Equal(CancellationReason.None, group.CancellationReason);
            return await group.Run(async ct =>
            {
                await Task.Yield();
                ct.ThrowIfCancellationRequested();
                return "goes on";
            });
        });

        Assert.Equal("goes on", await run.Guarded());
        Assert.Same(failure, await failed!.OnlyFailure());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Isolated_a_childs_failure_is_handled_and_logged(bool start)
    {
        var failure = new IOException("isolated");
        var logger = new FakeLogger();
        var handled = new List<ChildFailure>();
        await TaskGroup.RunAsync(new() { Name = "supervisor", FailurePolicy = FailurePolicy.Isolate, Logger = logger, ChildFailed = handled.Add }, group =>
        {
            if (start)
            {
                group.Start(new ChildOptions { Name = "worker" }, _ => throw failure);
            }
            else
            {
                _ = group.Run(new ChildOptions { Name = "worker" }, _ => throw failure);
            }

            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Same(failure, Assert.Single(handled).Exception);
        LogEntry entry = Assert.Single(logger.Entries);
        Assert.Equal((2, LogLevel.Error), (entry.Event.Id, entry.Level));
        Assert.Same(failure, entry.Exception);
        Assert.Contains("'supervisor'", entry.Message, StringComparison.Ordinal);
        Assert.Contains("worker", entry.Message, StringComparison.Ordinal);
        Assert.Contains($"{nameof(GroupPolicyTests)}.cs:", entry.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Isolated_a_failure_that_nobody_else_would_see_is_thrown_at_the_end_without_canceling()
    {
        var failure = new IOException();
        bool sawCancellation = true;
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate, MaxConcurrency = 1 }, group =>
        {
            group.Start(_ => throw failure);
            group.Start(ct =>
            {
                sawCancellation = ct.IsCancellationRequested;
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        });

        Assert.Same(failure, await run.OnlyFailure());
        Assert.False(sawCancellation);
    }

    [Fact]
    public async Task Isolated_a_logger_that_drops_errors_does_not_count_as_somebody_who_sees_them()
    {
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate, Logger = new FakeLogger(LogLevel.Critical) }, group =>
        {
            group.Start(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task Isolated_a_failure_that_a_broken_logger_swallows_is_not_lost()
    {
        var failure = new IOException();
        var logger = new FakeLogger { OnLog = _ => throw new InvalidOperationException("broken logger") };
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate, Logger = logger }, group =>
        {
            group.Start(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task Isolated_the_bodys_failure_cancels_and_fails_the_group()
    {
        var failure = new IOException();
        var canceled = new Gate();
        var started = new Gate();
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate }, async group =>
        {
            group.Start(async ct =>
            {
                started.Open();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ct.UntilCanceled());
                canceled.Open();
            });
            await started.Opened;
            throw failure;
        });

        Assert.Same(failure, await run.OnlyFailure());
        Assert.True(canceled.IsOpen);
    }

    [Fact]
    public async Task Isolated_a_cancellation_that_nobody_asked_for_is_a_childs_failure()
    {
        Task? handle = null;
        await TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate }, group =>
        {
            handle = group.Run(_ => throw new OperationCanceledException("foreign"));
            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.IsType<ChildCanceledException>(await handle!.OnlyFailure());
    }

    [Theory]
    [InlineData(FailurePolicy.CancelSiblings)]
    [InlineData(FailurePolicy.WaitForAll)]
    [InlineData(FailurePolicy.Isolate)]
    public async Task The_handler_sees_each_failed_child_once_before_its_task_completes(FailurePolicy policy)
    {
        var handled = new List<Exception>();
        Task? handle = null;
        bool? completed = null;
        var failure = new IOException();
        var go = new Gate();
        var options = new TaskGroupOptions
        {
            FailurePolicy = policy,
            ChildFailed = child =>
            {
                completed = handle!.IsCompleted;
                handled.Add(child.Exception);
            },
        };
        Task run = TaskGroup.RunAsync(options, group =>
        {
            handle = group.Run(async _ =>
            {
                await go.Opened;
                throw failure;
            });
            go.Open();
            return ValueTask.CompletedTask;
        });

        await run.Ended();
        Assert.Equal([failure], handled);
        Assert.False(completed);
        Assert.Same(failure, await handle!.OnlyFailure());
    }

    [Fact]
    public async Task A_failed_group_is_logged_with_its_first_failure_and_the_childs_name()
    {
        var logger = new FakeLogger();
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(new() { Name = "harvest", Logger = logger }, async group =>
        {
            await group.Run(new ChildOptions { Name = "reaper" }, _ => throw failure);
        });

        await run.OnlyFailure();
        LogEntry entry = Assert.Single(logger.Entries);
        Assert.Equal((1, LogLevel.Warning), (entry.Event.Id, entry.Level));
        Assert.Same(failure, entry.Exception);
        Assert.Contains("'harvest'", entry.Message, StringComparison.Ordinal);
        Assert.Contains("reaper", entry.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_logger_that_throws_changes_nothing()
    {
        var failure = new IOException();
        var logger = new FakeLogger { OnLog = _ => throw new InvalidOperationException("broken logger") };
        Task run = TaskGroup.RunAsync(new() { Logger = logger }, group =>
        {
            group.Start(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task An_isolated_failure_after_the_callers_cancellation_is_work_left_undone()
    {
        using var caller = new CancellationTokenSource();
        var options = new TaskGroupOptions { FailurePolicy = FailurePolicy.Isolate, ChildFailed = static _ => { } };
        Task run = TaskGroup.RunAsync(
            options,
            async group =>
            {
                var started = new Gate();
                var canceled = new Gate();
                group.Start(async _ =>
                {
                    started.Open();
                    await canceled.Opened;
                    throw new IOException();
                });
                await started.Opened;
                await caller.CancelAsync();
                canceled.Open();
            },
            caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
    }
}
