using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>The message about a group that failed: what it is called, and where its first failure came from.</summary>
public sealed class FirstFailureTests
{
    private static readonly IOException Failure = new("a leak");

    public static TheoryData<string> Sources =>
        ["the body", "the ChildFailed handler", "a cancellation callback", "the caller's context", "the clock, asked for a timer", "the clock, asked to stop", "pump"];

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task It_names_the_source_of_the_first_failure(string source)
    {
        var logger = new FakeLogger();
        var options = new TaskGroupOptions { Name = "dock", Logger = logger };
        Task run = source switch
        {
            "the body" => TaskGroup.RunAsync(options, Task (_) => throw Failure),
            "the ChildFailed handler" => TaskGroup.RunAsync(
                new() { Name = "dock", Logger = logger, FailurePolicy = FailurePolicy.Isolate, ChildFailed = static _ => throw Failure },
                static group => Start(group, static _ => throw new NotSupportedException())),
            "a cancellation callback" => TaskGroup.RunAsync(options, static group =>
            {
                group.CancellationToken.Register(static () => throw Failure);
                group.Cancel();
                return Task.CompletedTask;
            }),
            "the caller's context" => PostThrows().Enter(() => TaskGroup.RunAsync(
                new() { Name = "dock", Logger = logger, ChildContext = ChildContext.Caller },
                static group => Start(group, static _ => ValueTask.CompletedTask))),
            "the clock, asked for a timer" => TaskGroup.RunAsync(new() { Name = "dock", Logger = logger, TimeProvider = new BrokenTime() }, static group =>
            {
                group.Cancel();
                return Task.CompletedTask;
            }),
            "the clock, asked to stop" => TaskGroup.RunAsync(
                new() { Name = "dock", Logger = logger, TimeProvider = new BrokenTimerTime(), Timeout = TimeSpan.FromHours(1) },
                static _ => Task.CompletedTask),
            _ => TaskGroup.RunAsync(options, static group =>
            {
                group.Start(new ChildOptions { Name = "pump" }, Task (_) => throw Failure, "", "");
                return Task.CompletedTask;
            }),
        };

        Exception failure = await run.OnlyFailure();
        LogEntry entry = Assert.Single(logger.Of(1));
        Assert.Equal((LogLevel.Warning, $"Task group 'dock' failed; the first failure came from {source.Split(',')[0]}."), (entry.Level, entry.Message));
        Assert.Same(failure, entry.Exception);
    }

    [Theory]
    [InlineData("group", "Task group")]
    [InlineData("gather", "Gather")]
    [InlineData("paging", "Loop over pages")]
    [InlineData("app", "App")]
    [InlineData("loop", "Event loop")]
    public async Task It_calls_the_group_what_it_is_to_its_user(string kind, string noun)
    {
        var logger = new FakeLogger();
        Assert.Same(Failure, await TaskGroup.RunAsync(new() { Name = "dock", Kind = kind, Logger = logger }, Task (_) => throw Failure).OnlyFailure());
        Assert.StartsWith($"{noun} 'dock' failed; ", Assert.Single(logger.Of(1)).Message, StringComparison.Ordinal);
    }

    private static Task Start(TaskGroup group, Func<CancellationToken, ValueTask> child)
    {
        group.Start(child);
        return Task.CompletedTask;
    }

    private static PostContext PostThrows() => new(static (callback, state) =>
    {
        callback(state);
        throw Failure;
    });

    [Fact]
    public async Task A_callback_of_the_groups_own_context_is_a_source_too_and_is_handed_back_only_when_it_is_too_late()
    {
        var logger = new FakeLogger();
        TaskGroup group = TaskGroup.Open(new() { Name = "dock", Logger = logger }, CancellationToken.None);
        Assert.Empty(group.Core.OnPostedCallbackFaulted(Failure));
        Assert.Same(Failure, await group.JoinAsync().OnlyFailure());
        Assert.Equal("Task group 'dock' failed; the first failure came from a posted callback.", Assert.Single(logger.Of(1)).Message);

        var late = new OperationCanceledException();
        Assert.Empty(group.Core.OnPostedCallbackFaulted(late));
        Assert.Equal([Failure], group.Core.OnPostedCallbackFaulted(Failure));
    }
}
