using Async.Toolkit.Testing;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Children and bodies that ignore the cancellation: a warning names them, and the group goes on waiting.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class GroupWarningTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_child_that_never_ends_is_named_and_waited_for() => VirtualTime.RunAsync(async time =>
    {
        var warned = TimeSpan.Zero;
        var logger = new FakeLogger { OnLog = _ => warned = time.Elapsed };
        var options = new TaskGroupOptions { Name = "dock", Logger = logger, TimeProvider = time.Provider, CancellationWarningDelay = TimeSpan.FromSeconds(3) };
        await TaskGroup.RunAsync(options, async group =>
        {
            group.Start(new ChildOptions { Name = "stubborn" }, _ => time.Delay(Hour, CancellationToken.None));
            await time.SettleAsync();
            group.Cancel();
        });

        Assert.Equal(Hour, time.Elapsed);
        Assert.Equal(3, warned.TotalSeconds);
        LogEntry warning = Assert.Single(logger.Entries);
        Assert.Equal((3, LogLevel.Warning), (warning.Event.Id, warning.Level));
        Assert.Contains("'dock'", warning.Message, StringComparison.Ordinal);
        Assert.Contains("stubborn", warning.Message, StringComparison.Ordinal);
        Assert.Contains($"{nameof(GroupWarningTests)}.cs", warning.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(CancellationReason.Requested), warning.Message, StringComparison.Ordinal);
    }, TestToken);

    [Fact]
    public Task A_body_that_never_ends_is_named() => VirtualTime.RunAsync(async time =>
    {
        var warned = TimeSpan.Zero;
        var logger = new FakeLogger { OnLog = _ => warned = time.Elapsed };
        await TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = time.Provider }, async group =>
        {
            group.Cancel();
            await time.Delay(Hour);
        });

        Assert.Contains("the body", Assert.Single(logger.Entries).Message, StringComparison.Ordinal);
        Assert.Equal(10, warned.TotalSeconds); // the documented default
    }, TestToken);

    [Fact]
    public Task Only_those_that_still_run_are_named() => VirtualTime.RunAsync(async time =>
    {
        var logger = new FakeLogger();
        await TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = time.Provider }, async group =>
        {
            group.Start(new ChildOptions { Name = "stubborn" }, _ => time.Delay(Hour, CancellationToken.None));
            group.Start(new ChildOptions { Name = "finished" }, async _ => await Task.Yield());
            group.Start(new ChildOptions { Name = "third" }, _ => time.Delay(Hour, CancellationToken.None));
            await time.SettleAsync();
            group.Cancel();
        });

        string message = Assert.Single(logger.Entries).Message;
        Assert.Contains("stubborn", message, StringComparison.Ordinal);
        Assert.Contains("third", message, StringComparison.Ordinal);
        Assert.DoesNotContain("finished", message, StringComparison.Ordinal);
        Assert.DoesNotContain("the body", message, StringComparison.Ordinal);
    }, TestToken);

    [Fact]
    public Task A_group_that_ends_in_time_warns_of_nobody() => VirtualTime.RunAsync(async time =>
    {
        var logger = new FakeLogger();
        await TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = time.Provider }, async group =>
        {
            group.Cancel();
            await time.Delay(TimeSpan.FromSeconds(9.9));
        });

        await time.AdvanceAsync(Hour);
        Assert.Empty(logger.Entries);
    }, TestToken);

    [Fact]
    public async Task Without_a_logger_or_with_an_infinite_delay_there_is_no_timer()
    {
        var time = new CountingTime(new FakeTimeProvider());
        foreach (TaskGroupOptions options in new TaskGroupOptions[]
        {
            new() { TimeProvider = time },
            new() { TimeProvider = time, Logger = new FakeLogger(), CancellationWarningDelay = Timeout.InfiniteTimeSpan },
            new() { TimeProvider = time, Logger = new FakeLogger(LogLevel.Critical) },
            new() { TimeProvider = time, Logger = new ThrowingLogger(alreadyWhenAsked: true) },
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
    public Task Many_stragglers_are_counted_and_the_first_few_named() => VirtualTime.RunAsync(async time =>
    {
        var logger = new FakeLogger();
        await TaskGroup.RunAsync(new() { Logger = logger, TimeProvider = time.Provider }, async group =>
        {
            for (int i = 0; i < 500; i++)
            {
                group.Start(_ => time.Delay(Hour, CancellationToken.None));
            }

            await time.SettleAsync();
            group.Cancel();
        });

        string message = Assert.Single(logger.Entries).Message;
        Assert.Contains(" and still waits for 500: ", message, StringComparison.Ordinal);
        Assert.EndsWith(", and 490 more.", message, StringComparison.Ordinal);
        Assert.Equal(11, message.Split($"({nameof(GroupWarningTests)}.cs:").Length);
    }, TestToken);

    [Fact]
    public async Task A_cancellation_callback_that_goes_on_is_named()
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        await TaskGroup.RunAsync(new() { Name = "dock", Logger = logger, TimeProvider = clock }, group =>
        {
            group.CancellationToken.Register(() => clock.Advance(TimeSpan.FromSeconds(10)));
            group.Cancel();
            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Equal(
            "Task group 'dock' was canceled (Requested) 00:00:10 ago and still waits for 2: the body, a cancellation callback.",
            Assert.Single(logger.Entries).Message);
    }

    [Fact]
    public async Task A_group_that_waits_for_nobody_but_its_owner_warns_of_nobody()
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        TaskGroup group = TaskGroup.Open(new() { Logger = logger, TimeProvider = clock }, TestToken);
        group.Cancel();
        clock.Advance(Hour);
        await group.JoinAsync().Guarded();

        Assert.Empty(logger.Entries);
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

        Assert.IsType<NotSupportedException>(await run.OnlyFailure());
        await queued!.Cancellation();
    }
}
