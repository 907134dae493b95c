using System.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>Spans in unusual surroundings, and of groups that end in an unusual way.</summary>
public sealed class SpanFlowTests
{
    [Fact]
    public async Task Spans_and_children_go_on_where_no_context_flows_and_the_clock_is_broken()
    {
        const string Name = nameof(Spans_and_children_go_on_where_no_context_flows_and_the_clock_is_broken);
        using var spans = new SpanRecorder();
        DateTime before = DateTime.UtcNow;
        Task run;
        using (Activity own = spans.Begin("own"))
        {
            using (ExecutionContext.SuppressFlow())
            {
                run = TaskGroup.RunAsync(new() { Name = Name, TimeProvider = new NoCalendar() }, group =>
                {
                    group.Start(static _ => ValueTask.CompletedTask);
                    throw new IOException();
                });
                Assert.Same(own, Activity.Current);
            }
        }

        Assert.IsType<IOException>(await run.OnlyFailure());
        Activity span = Assert.Single(spans.Of(Name));
        Assert.True(span.StartTimeUtc >= before.AddSeconds(-1));
        Assert.Equal("The first failure came from the body.", span.StatusDescription);
    }

    [Fact]
    public async Task A_child_that_is_added_where_no_context_flows_runs_without_the_groups_span()
    {
        using var spans = new SpanRecorder();
        TaskGroup group = TaskGroup.Open(new() { Name = "without a flow" }, TestContext.Current.CancellationToken);
        Task<Activity?> child;
        using (ExecutionContext.SuppressFlow())
        {
            child = group.Run(static _ => Task.FromResult(Activity.Current));
        }

        Assert.Null(await child.Guarded());
        await group.JoinAsync().Guarded();
        Assert.Single(spans.Of("without a flow"));
    }

    [Fact]
    public async Task The_span_of_a_group_that_was_disposed_says_so()
    {
        const string Name = nameof(The_span_of_a_group_that_was_disposed_says_so);
        using var spans = new SpanRecorder();
        await TaskGroup.Open(new() { Name = Name }, CancellationToken.None).DisposeAsync();
        Assert.Equal("disposed", Assert.Single(spans.Of(Name)).GetTagItem("async_toolkit.cancellation.reason"));
    }

    private sealed class NoCalendar : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new NotSupportedException("no calendar here");
    }
}
