using System.Diagnostics;
using System.Reflection;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Conventions;
using Async.Toolkit.Tests.Fakes;
using Async.Toolkit.Tests.Pages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>The spans of groups and gathers: what they say, and where they are current.</summary>
[Collection(Listeners.Name)]
public sealed partial class SpanTests : IDisposable
{
    private const string Name = "traced";

    private readonly SpanRecorder _spans = new();
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TaskGroupOptions Options => new() { Name = Name, TimeProvider = _clock };

    private Activity OnlySpan => Assert.Single(_spans.Of(Name));

    public void Dispose() => _spans.Dispose();

    [Fact]
    public void The_documentation_tells_every_attribute()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "diagnostics.md"));
        Assert.All(typeof(Tags).GetFields(BindingFlags.Static | BindingFlags.Public), tag => Assert.Contains($"`{tag.GetRawConstantValue()}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_has_one_span_by_its_own_clock()
    {
        await TaskGroup.RunAsync(
            Options,
            async group =>
            {
                await group.Run(static async _ => await Task.Yield());
                _clock.Advance(TimeSpan.FromSeconds(3));
            },
            Cancel).Guarded();

        Activity span = OnlySpan;
        Assert.Equal((Name, ActivityKind.Internal), (span.DisplayName, span.Kind));
        Assert.Equal((_clock.Start.UtcDateTime, TimeSpan.FromSeconds(3)), (span.StartTimeUtc, span.Duration));
        Assert.Equal(("group", "succeeded"), (span.GetTagItem("async_toolkit.group.kind"), span.GetTagItem("async_toolkit.outcome")));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Empty(span.Events);
    }

    [Fact]
    public async Task Names_are_told_on_one_line_and_only_a_childs_is_cut()
    {
        string name = $"two\nlines {new string('x', 100)}";
        string shown = name.Replace("\n", @"\n", StringComparison.Ordinal);
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = name, TraceChildren = true },
            group => group.Run(new ChildOptions { Name = name }, static _ => Task.CompletedTask),
            Cancel).Guarded();
        await Gather.ForEachAsync([1], new GatherOptions { Name = name, MaxConcurrency = 1, TraceItems = true }, static (_, _) => Task.CompletedTask, Cancel).Guarded();

        Assert.Equal([$"{shown[..79]}…", shown, $"{shown} item", shown], _spans.Of(shown).Select(static span => span.DisplayName));
    }

    [Fact]
    public async Task The_span_is_current_for_the_body_and_the_children_and_not_for_the_caller()
    {
        using Activity caller = _spans.Begin("the caller's");
        var seen = new List<Activity?>();
        var go = new Gate();
        Task group = TaskGroup.RunAsync(
            Options,
            async group =>
            {
                seen.Add(Activity.Current);
                await go.Opened;
                seen.Add(Activity.Current);
                await group.Run(async _ =>
                {
                    seen.Add(Activity.Current);
                    await Task.Yield();
                    seen.Add(Activity.Current);
                });
            },
            Cancel);

        Assert.Same(caller, Activity.Current);
        go.Open();
        await group.Guarded();
        Assert.Same(caller, Activity.Current);

        Activity span = OnlySpan;
        Assert.Same(caller, span.Parent);
        Assert.Equal([span, span, span, span], seen);
    }

    [Fact]
    public void A_body_that_ends_at_once_leaves_nothing_current()
    {
        Assert.True(TaskGroup.RunAsync(Options, static _ => Task.CompletedTask, Cancel).IsCompletedSuccessfully);

        Assert.NotNull(OnlySpan);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task A_caller_whose_activity_ends_meanwhile_is_not_left_with_the_groups()
    {
        Activity caller = _spans.Begin("short");
        await TaskGroup.RunAsync(
            Options,
            group =>
            {
                // Elsewhere, so that it is not taken back here.
                var other = new Thread(caller.Dispose);
                other.Start();
                other.Join();
                return Task.CompletedTask;
            },
            Cancel);

        Assert.True(caller.IsStopped);
        Assert.NotNull(OnlySpan);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task A_group_inside_a_child_is_under_the_span_of_the_outer_group()
    {
        await TaskGroup.RunAsync(
            Options,
            static group => group.Run(static ct => TaskGroup.RunAsync(new TaskGroupOptions { Name = "inner" }, static _ => Task.CompletedTask, ct)),
            Cancel).Guarded();

        Assert.Same(OnlySpan, Assert.Single(_spans.Of("inner")).Parent);
    }

    [Fact]
    public async Task The_children_of_an_opened_group_are_under_its_span_unless_they_come_with_an_activity_of_their_own()
    {
        using Activity caller = _spans.Begin("the caller's");
        TaskGroup group = TaskGroup.Open(Options, Cancel);
        Assert.Same(caller, Activity.Current);

        Activity? seen = await group.Run(static _ => Task.FromResult(Activity.Current)).Guarded();
        Assert.Same(caller, Activity.Current);
        Activity request = _spans.Begin("a request");
        Activity? seenOfRequest = await group.Run(static _ => Task.FromResult(Activity.Current)).Guarded();
        request.Dispose();
        await group.JoinAsync().Guarded();

        Assert.Same(OnlySpan, seen);
        Assert.Same(request, seenOfRequest);
    }

    [Fact]
    public async Task The_end_of_a_group_changes_nothing_for_the_thread_that_happens_to_end_it()
    {
        var last = new TaskCompletionSource();
        Task group = TaskGroup.RunAsync(Options, _ => last.Task, Cancel);
        Activity? after = null;
        await Task.Run(
            () =>
            {
                using Activity other = _spans.Begin("somebody else's");
                last.SetResult();
                after = Activity.Current;
                Assert.Same(other, after);
            },
            Cancel);

        await group.Guarded();
        Assert.NotNull(OnlySpan);
    }

    [Fact]
    public async Task A_failed_group_says_so_with_the_types_of_its_failures_and_never_a_message()
    {
        var options = new TaskGroupOptions { Name = Name, FailurePolicy = FailurePolicy.WaitForAll };
        await TaskGroup.RunAsync(
            options,
            static async group =>
            {
                await group.Run(static async _ => { await Task.Yield(); throw new InvalidDataException("secret one"); }).Ended();
                throw new NotSupportedException("secret two");
            },
            Cancel).Failures();

        Activity span = OnlySpan;
        Assert.Equal((ActivityStatusCode.Error, "failed", "System.IO.InvalidDataException"), (span.Status, span.GetTagItem("async_toolkit.outcome"), span.GetTagItem("error.type")));
        Assert.StartsWith("The first failure came from static async _ => ", span.StatusDescription, StringComparison.Ordinal);
        Assert.Equal(["exception", "exception"], span.Events.Select(static one => one.Name));
        Assert.Equal(["System.IO.InvalidDataException", "System.NotSupportedException"], span.Events.Select(static one => one.Tags.ToDictionary()["exception.type"]));
        Assert.Contains(nameof(A_failed_group_says_so_with_the_types_of_its_failures_and_never_a_message), (string)span.Events.First().Tags.ToDictionary()["exception.stacktrace"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Join('\n', span.Events.SelectMany(static one => one.Tags).Select(static tag => $"{tag.Value}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_failures_are_ten_events()
    {
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = Name, FailurePolicy = FailurePolicy.WaitForAll },
            static group =>
            {
                for (int i = 0; i < 1_000; i++)
                {
                    group.Start(static _ => throw new InvalidDataException());
                }

                return Task.CompletedTask;
            },
            Cancel).Failures();

        Assert.Equal(10, OnlySpan.Events.Count());
    }

    [Fact]
    public async Task A_cancellation_that_was_asked_for_is_no_error()
    {
        using var caller = new CancellationTokenSource();
        await TaskGroup.RunAsync(Options, async group => { await caller.CancelAsync(); await group.CancellationToken.UntilCanceled(); }, caller.Token).Cancellation();

        AssertNoError(OnlySpan, "canceled", "caller");
    }

    [Fact]
    public async Task A_group_that_canceled_itself_and_gave_its_result_succeeded()
    {
        await TaskGroup.RunAsync(Options, static group => { group.Cancel(); return Task.FromResult(1); }, Cancel).Guarded();

        AssertNoError(OnlySpan, "succeeded", "requested");
    }

    [Fact]
    public async Task A_time_limit_that_struck_is_an_error()
    {
        Task group = TaskGroup.RunAsync(new TaskGroupOptions { Name = Name, TimeProvider = _clock, Timeout = TimeSpan.FromSeconds(5) }, static group => group.CancellationToken.UntilCanceled(), Cancel);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await group.OnlyFailure();

        Activity span = OnlySpan;
        Assert.Equal((ActivityStatusCode.Error, "timed_out", "System.TimeoutException"), (span.Status, span.GetTagItem("async_toolkit.outcome"), span.GetTagItem("error.type")));
        Assert.Equal("timeout", span.GetTagItem("async_toolkit.cancellation.reason"));
        Assert.Null(span.StatusDescription);
        Assert.Equal("System.TimeoutException", Assert.Single(span.Events).Tags.ToDictionary()["exception.type"]);
    }

    [Fact]
    public async Task Pages_that_are_fetched_ahead_are_under_a_span_and_the_consumer_is_not()
    {
        using Activity consumer = _spans.Begin("the consumer's");
        Activity? inFetch = null;
        var server = PageServer.Of(2, onFetch: (_, _) =>
        {
            inFetch = Activity.Current;
            return Task.CompletedTask;
        });
        await Styles.ByCursor(server).Prefetch(1).LoopWhile(_ =>
        {
            Assert.Same(consumer, Activity.Current);
            return Task.FromResult(true);
        });

        Activity span = Assert.Single(_spans.Of("Paging"));
        Assert.Equal("paging", span.GetTagItem("async_toolkit.group.kind"));
        Assert.Same(span, inFetch);
        Assert.Same(consumer, span.Parent);
    }

    [Theory]
    [InlineData(ActivitySamplingResult.None)]
    [InlineData(ActivitySamplingResult.PropagationData)]
    public async Task A_span_that_nobody_wants_whole_does_no_harm(ActivitySamplingResult sampling)
    {
        _spans.Dispose();
        using var spans = new SpanRecorder(sampling);
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = Name, TraceChildren = true },
            static group => group.Run(static _ => throw new InvalidDataException()),
            Cancel).OnlyFailure();

        Assert.Equal(sampling == ActivitySamplingResult.None ? 0 : 2, spans.Ended.Count);
        Assert.All(spans.Ended, static span => Assert.Empty(span.Events));
        Assert.Null(Activity.Current);
    }

    private static void AssertNoError(Activity span, string outcome, string reason)
    {
        Assert.Equal((outcome, reason), (span.GetTagItem("async_toolkit.outcome"), span.GetTagItem("async_toolkit.cancellation.reason")));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Null(span.GetTagItem("error.type"));
        Assert.Empty(span.Events);
    }
}
