using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Children and bodies that ignore the cancellation: a warning names them, and the group goes on waiting.</summary>
public sealed class GroupWarningTests
{
    [Fact]
    public async Task A_child_that_never_ends_is_named_and_waited_for()
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        var canceled = new Gate();
        var release = new Gate();
        var options = new TaskGroupOptions { Name = "dock", Logger = logger, TimeProvider = clock, CancellationWarningDelay = TimeSpan.FromSeconds(3) };
        Task run = TaskGroup.RunAsync(options, async group =>
        {
            var started = new Gate();
            group.Start(new ChildOptions { Name = "stubborn" }, async _ =>
            {
                started.Open();
                await release.Opened;
            });
            await started.Opened;
            group.Cancel();
            canceled.Open();
        });

        await canceled.Reached();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(logger.Of(3));
        clock.Advance(TimeSpan.FromSeconds(1));
        LogEntry warning = await logger.First(3);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("'dock'", warning.Message, StringComparison.Ordinal);
        Assert.Contains("stubborn", warning.Message, StringComparison.Ordinal);
        Assert.Contains($"{nameof(GroupWarningTests)}.cs", warning.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(CancellationReason.Requested), warning.Message, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.False(run.IsCompleted);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task A_body_that_never_ends_is_named()
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        var release = new Gate();
        Task run = TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = clock }, async group =>
        {
            group.Cancel();
            await release.Opened;
        });

        // Ten seconds is the documented default.
        clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(logger.Entries);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Contains("the body", (await logger.First(3)).Message, StringComparison.Ordinal);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task Only_those_that_still_run_are_named()
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        var release = new Gate();
        var canceled = new Gate();
        Task run = TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = clock, MaxConcurrency = 2 }, async group =>
        {
            var thirdStarted = new Gate();
            group.Start(new ChildOptions { Name = "stubborn" }, _ => release.Opened);
            group.Start(new ChildOptions { Name = "finished" }, async _ => await Task.Yield());
            group.Start(new ChildOptions { Name = "third" }, _ =>
            {
                thirdStarted.Open();
                return release.Opened;
            });

            // It got the finished one's place, so that one has left the group for certain.
            await thirdStarted.Opened;
            group.Cancel();
            canceled.Open();
        });

        await canceled.Reached();
        clock.Advance(TimeSpan.FromSeconds(10));
        string message = (await logger.First(3)).Message;
        Assert.Contains("stubborn", message, StringComparison.Ordinal);
        Assert.Contains("third", message, StringComparison.Ordinal);
        Assert.DoesNotContain("finished", message, StringComparison.Ordinal);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task A_group_that_ends_in_time_warns_of_nobody()
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        await TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = clock }, group =>
        {
            group.Cancel();
            return ValueTask.CompletedTask;
        }).Guarded();
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(logger.Entries);
    }

    [Fact]
    public async Task Without_a_logger_or_with_an_infinite_delay_there_is_no_timer()
    {
        var time = new CountingTime(new FakeTimeProvider());
        foreach (TaskGroupOptions options in new TaskGroupOptions[]
        {
            new() { TimeProvider = time },
            new() { TimeProvider = time, Logger = new FakeLogger(), CancellationWarningDelay = Timeout.InfiniteTimeSpan },
            new() { TimeProvider = time, Logger = new FakeLogger(LogLevel.Critical) },
        })
        {
            await TaskGroup.RunAsync(options, group =>
            {
                group.Cancel();
                return ValueTask.CompletedTask;
            }).Guarded();
        }

        Assert.Equal(0, time.Created);
    }

    [Fact]
    public async Task Many_stragglers_are_counted_and_the_first_few_named()
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        var release = new Gate();
        var canceled = new Gate();
        int started = 0;
        Task run = TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = clock }, async group =>
        {
            var all = new Gate();
            for (int i = 0; i < 500; i++)
            {
                group.Start(async _ =>
                {
                    if (Interlocked.Increment(ref started) == 500)
                    {
                        all.Open();
                    }

                    await release.Opened;
                });
            }

            await all.Opened;
            group.Cancel();
            canceled.Open();
        });

        await canceled.Reached();
        clock.Advance(TimeSpan.FromSeconds(10));
        string message = (await logger.First(3)).Message;
        Assert.Matches("50[01]", message);
        Assert.True(message.Length < 2_000, message);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task A_clock_that_cannot_give_a_timer_for_the_warning_does_not_keep_the_group_from_canceling()
    {
        var started = new Gate();
        Task? queued = null;
        Task run = TaskGroup.RunAsync(new() { Logger = new FakeLogger(), TimeProvider = new BrokenTime(), MaxConcurrency = 1 }, async group =>
        {
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled();
            });
            queued = group.Run(_ => ValueTask.CompletedTask);
            await started.Opened;
            group.Cancel();
        });

        await run.Ended();
        await queued!.Cancellation();
    }
}
