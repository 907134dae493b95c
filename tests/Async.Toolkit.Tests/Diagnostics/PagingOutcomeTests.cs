using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Async.Toolkit.Tests.Pages;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>Whatever was asked for ahead: span, duration and event say what the loop's own consumer got.</summary>
[Collection(Listeners.Name)]
public sealed class PagingOutcomeTests : IDisposable
{
    private readonly SpanRecorder _spans = new();
    private readonly MetricRecorder _metrics = new();
    private readonly Ends _ends = new();

    public static TheoryData<bool> Ways => [true, false];

    public void Dispose()
    {
        _ends.Dispose();
        _metrics.Dispose();
        _spans.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_loop_that_is_thrown_the_failure_of_a_page_failed_with_it(bool ahead)
    {
        var server = PageServer.Of(4, onFetch: static (page, _) => page == 2 ? throw new FormatException() : Task.CompletedTask);

        Assert.IsType<FormatException>(await Ahead(server, ahead).Loop().OnlyFailure());

        AssertEnded("failed", "failure", "System.FormatException");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_loop_over_too_many_pages_failed(bool ahead)
    {
        Assert.IsType<PagingException>(await Ahead(PageServer.Of(4), ahead).MaxPages(2).Loop().OnlyFailure());

        AssertEnded("failed", "failure", "Async.Toolkit.PagingException");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_loop_that_was_left_before_the_page_that_failed_succeeded(bool ahead)
    {
        var failed = new Gate();
        var server = PageServer.Of(3, onFetch: (page, _) =>
        {
            if (page == 0)
            {
                return Task.CompletedTask;
            }

            failed.Open();
            throw new FormatException();
        });

        await Ahead(server, ahead).LoopWhile(async _ =>
        {
            await failed.Reached();
            return false;
        });

        AssertEnded("succeeded", "requested");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_loop_that_came_to_the_end_succeeded_and_was_not_canceled(bool ahead)
    {
        await Ahead(PageServer.Of(3), ahead).Loop().Guarded();

        AssertEnded("succeeded", reason: null);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_loop_that_the_callers_token_ended_was_canceled(bool ahead, bool pages)
    {
        using var caller = new CancellationTokenSource();
        PageSequence<int> sequence = Ahead(PageServer.Of(3), ahead);

        Assert.Equal(caller.Token, (await (pages ? UntilCanceled(sequence.Pages()) : UntilCanceled(sequence)).Cancellation()).CancellationToken);

        AssertEnded("canceled", "caller");

        async Task UntilCanceled<T>(IAsyncEnumerable<T> items)
        {
            await foreach (T item in items.WithCancellation(caller.Token))
            {
                await caller.CancelAsync();
            }
        }
    }

    private static PageSequence<int> Ahead(PageServer server, bool ahead) =>
        ahead ? Styles.ByPageNumber(server).Prefetch(2) : Styles.ByPageNumber(server).Concurrency(2);

    private void AssertEnded(string outcome, string? reason, string? error = null)
    {
        Activity span = Assert.Single(_spans.Of("Paging"));
        Assert.Equal((outcome, reason, error), (span.GetTagItem("async_toolkit.outcome"), span.GetTagItem("async_toolkit.cancellation.reason"), span.GetTagItem("error.type")));
        Assert.Equal(error is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error, span.Status);
        Assert.Equal(error is null ? 0 : 1, span.Events.Count());

        Measured duration = Assert.Single(_metrics.Of("async_toolkit.group.duration", "Paging"));
        Assert.Equal((outcome, error), (duration.Tags["async_toolkit.outcome"], duration.Tags.GetValueOrDefault("error.type")));
        Assert.Equal(outcome, Assert.Single(_ends.Outcomes));
    }

    private sealed class Ends : EventListener
    {
        public Ends() => EnableEvents(ToolkitEventSource.Instance, EventLevel.Verbose, ToolkitEventSource.Keywords.Lives);

        public ConcurrentQueue<string> Outcomes { get; } = new();

        protected override void OnEventWritten(EventWrittenEventArgs written)
        {
            if (written.EventName == "GroupEnded")
            {
                Outcomes.Enqueue((string)written.Payload![1]!);
            }
        }
    }
}
