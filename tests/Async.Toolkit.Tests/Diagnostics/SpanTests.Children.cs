using System.Diagnostics;
using Async.Toolkit.Tests.Pages;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

// Spans of children and items, and those of gathers.
public sealed partial class SpanTests
{
    private TaskGroupOptions Traced => new() { Name = Name, TimeProvider = _clock, TraceChildren = true };

    [Fact]
    public async Task Children_have_no_span_unless_it_is_asked_for()
    {
        await TaskGroup.RunAsync(Options, static group => group.Run(static _ => Task.CompletedTask), Cancel);

        Assert.Single(_spans.Begun);
    }

    [Fact]
    public async Task A_traced_child_has_a_span_named_by_its_source_and_current_for_it_alone()
    {
        Activity? inChild = null;
        Activity? inBody = null;
        await TaskGroup.RunAsync(
            Traced,
            async group =>
            {
                await group.Run(async ct => inChild = await Task.FromResult(Activity.Current));
                inBody = Activity.Current;
            },
            Cancel).Guarded();

        Activity child = _spans.Of(Name)[0];
        Activity parent = _spans.Of(Name)[1];
        Assert.Equal("async ct => inChild = await Task.FromResult(Activity.Current)", child.DisplayName);
        Assert.Same(parent, child.Parent);
        Assert.Same(child, inChild);
        Assert.Same(parent, inBody);
        Assert.EndsWith("SpanTests.Children.cs", (string)child.GetTagItem("code.file.path")!, StringComparison.Ordinal);
        Assert.IsType<int>(child.GetTagItem("code.line.number"));
        Assert.Equal("succeeded", child.GetTagItem("async_toolkit.outcome"));
    }

    [Fact]
    public async Task The_span_of_a_child_has_ended_when_its_task_has()
    {
        await using TaskGroup group = TaskGroup.Open(Traced, Cancel);
        await group.Run(new ChildOptions { Name = "a child" }, static async _ => await Task.Yield()).Guarded();

        Assert.Equal("a child", OnlySpan.DisplayName);
        Assert.True(OnlySpan.IsStopped);
    }

    [Fact]
    public async Task The_span_of_a_child_tells_how_it_ended()
    {
        using var own = new CancellationTokenSource();
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = Name, FailurePolicy = FailurePolicy.Isolate, TraceChildren = true },
            async group =>
            {
                var running = new Gate();
                Task canceled = group.Run(new ChildOptions { Name = "canceled", CancellationToken = own.Token }, async ct =>
                {
                    running.Open();
                    await ct.UntilCanceled();
                });
                await running.Opened;
                await own.CancelAsync();
                await canceled.Ended();
                await group.Run(new ChildOptions { Name = "failed" }, static _ => throw new InvalidDataException()).Ended();
            },
            Cancel).Guarded();

        Assert.Equal(["canceled", "failed", Name], _spans.Of(Name).Select(static span => span.DisplayName));
        Activity first = _spans.Of(Name)[0];
        Assert.Equal(("canceled", ActivityStatusCode.Unset), (first.GetTagItem("async_toolkit.outcome"), first.Status));
        Activity second = _spans.Of(Name)[1];
        Assert.Equal(("failed", ActivityStatusCode.Error, "System.IO.InvalidDataException"), (second.GetTagItem("async_toolkit.outcome"), second.Status, second.GetTagItem("error.type")));
    }

    [Fact]
    public async Task A_child_that_is_never_called_has_no_span()
    {
        await TaskGroup.RunAsync(
            Traced,
            static group =>
            {
                group.Cancel();
                group.Start(static _ => Task.CompletedTask);
                return Task.CompletedTask;
            },
            Cancel).Guarded();

        Assert.Single(_spans.Begun);
    }

    [Fact]
    public async Task A_traced_child_starts_by_every_shape_of_a_call()
    {
        using var own = new CancellationTokenSource();
        var withToken = new ChildOptions { CancellationToken = own.Token };
        int sum = await TaskGroup.RunAsync(
            Traced,
            async group =>
            {
                int seen = 0;
                group.Start(_ => { Interlocked.Increment(ref seen); return ValueTask.CompletedTask; });
                group.Start(_ => { Interlocked.Increment(ref seen); return Task.CompletedTask; });
                group.Start(withToken, 1, (one, _) => { Interlocked.Add(ref seen, one); return Task.CompletedTask; });
                int result = await group.Run(1, static (one, _) => ValueTask.FromResult(one)) + await group.Run(withToken, static async _ => { await Task.Yield(); return 1; });
                await group.Run(async _ => { await Task.Yield(); Interlocked.Increment(ref seen); });
                await group.Run(static _ => Task.CompletedTask);
                group.Cancel();
                return result;
            },
            Cancel).Guarded();

        Assert.Equal(2, sum);
        Assert.All(_spans.Of(Name), static span => Assert.Equal("succeeded", span.GetTagItem("async_toolkit.outcome")));
        Assert.InRange(_spans.Of(Name).Count, 5, 8);
    }

    [Fact]
    public async Task A_gather_has_a_span_that_is_current_for_its_items()
    {
        using Activity caller = _spans.Begin("the caller's");
        Activity?[] seen = await Gather.AllAsync(
            Enumerable.Range(0, 20),
            new GatherOptions { Name = Name, MaxConcurrency = 4, TimeProvider = _clock },
            static async (item, _) =>
            {
                Activity? first = Activity.Current;
                if (item % 2 == 0)
                {
                    await Task.Yield();
                }

                return Activity.Current == first ? first : null;
            },
            Cancel).Guarded();

        Assert.Same(caller, Activity.Current);
        Activity span = OnlySpan;
        Assert.Equal((Name, "gather", "succeeded"), (span.DisplayName, span.GetTagItem("async_toolkit.group.kind"), span.GetTagItem("async_toolkit.outcome")));
        Assert.Same(caller, span.Parent);
        Assert.All(seen, one => Assert.Same(span, one));
    }

    [Fact]
    public async Task Every_way_of_gathering_has_its_span()
    {
        var options = new GatherOptions { Name = Name, MaxConcurrency = 2 };
        await Gather.ForEachAsync([1], options, static (_, _) => Task.CompletedTask, Cancel);
        await Gather.SettledAsync([1], options, static (item, _) => item == 1 ? throw new InvalidDataException() : Task.FromResult(item), Cancel);
        await Gather.FirstSuccessAsync([1, 2], options, static (item, _) => Task.FromResult(item), Cancel);
        await Gather.StreamAsync([1], options, static (item, _) => Task.FromResult(item), Cancel).Loop();
        await Gather.AllAsync<int, int>([1], options, static (_, _) => throw new InvalidDataException(), Cancel).OnlyFailure();
        (Activity? one, Activity? two) = await Gather.AllAsync(static _ => Task.FromResult(Activity.Current), static _ => Task.FromResult(Activity.Current), Cancel);

        Assert.Equal(["succeeded", "succeeded", "succeeded", "succeeded", "failed"], _spans.Of(Name).Select(static span => span.GetTagItem("async_toolkit.outcome")));
        Activity tuple = Assert.Single(_spans.Of("Gather"));
        Assert.Equal([tuple, tuple], [one, two]);
    }

    [Fact]
    public async Task A_failure_that_the_caller_of_a_gather_does_not_get_is_none_of_its_span()
    {
        await Gather.FirstSuccessAsync(
            [1, 2],
            new GatherOptions { Name = Name, MaxConcurrency = 1 },
            static (item, _) => item == 1 ? throw new InvalidDataException() : Task.FromResult(item),
            Cancel);

        Assert.Equal(("succeeded", ActivityStatusCode.Unset), (OnlySpan.GetTagItem("async_toolkit.outcome"), OnlySpan.Status));
        Assert.Empty(OnlySpan.Events);
    }

    [Fact]
    public async Task What_a_gather_fails_with_after_its_last_item_is_told_too()
    {
        using var caller = new CancellationTokenSource();
        await Gather.AllAsync(
            [1, 2],
            new GatherOptions { Name = Name, MaxConcurrency = 1, DisposeDiscarded = true },
            async (item, ct) =>
            {
                if (item == 2)
                {
                    await caller.CancelAsync();
                    await ct.UntilCanceled();
                }

                return new Stubborn();
            },
            caller.Token).OnlyFailure();

        Assert.Equal(("failed", "System.NotSupportedException"), (OnlySpan.GetTagItem("async_toolkit.outcome"), OnlySpan.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Traced_items_have_spans_of_their_own_that_tell_how_each_ended()
    {
        var options = new GatherOptions { Name = Name, MaxConcurrency = 2, TraceItems = true, TimeProvider = _clock, ItemTimeout = TimeSpan.FromSeconds(1) };
        var running = new Gate();
        Task<Settled<string>[]> gather = Gather.SettledAsync(
            [0, 1, 2],
            options,
            async (item, ct) =>
            {
                if (item == 1)
                {
                    throw new InvalidDataException();
                }

                if (item == 2)
                {
                    running.Open();
                    await ct.UntilCanceled();
                }

                return Activity.Current!.DisplayName;
            },
            Cancel);
        await running.Reached();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _clock.Advance(options.ItemTimeout);
                return gather.IsCompleted;
            },
            TimeSpan.FromSeconds(30)));
        await gather.Guarded();

        Activity[] items = [.. _spans.Of(Name).Where(static span => span.GetTagItem("async_toolkit.item.index") is not null).OrderBy(static span => (long)span.GetTagItem("async_toolkit.item.index")!)];
        Assert.Equal(["succeeded", "failed", "failed"], items.Select(static span => span.GetTagItem("async_toolkit.outcome")));
        Assert.Equal([null, "System.IO.InvalidDataException", "System.TimeoutException"], items.Select(static span => span.GetTagItem("error.type")));
        Assert.All(items, item => Assert.Same(_spans.Of(Name)[^1], item.Parent));
        Assert.Equal($"{Name} item", (await gather)[0].Value);
    }

    [Fact]
    public async Task The_span_of_an_item_that_the_caller_canceled_says_so()
    {
        using var caller = new CancellationTokenSource();
        var running = new Gate();
        Task gather = Gather.ForEachAsync([0], new GatherOptions { Name = Name, MaxConcurrency = 1, TraceItems = true }, async (_, ct) =>
        {
            running.Open();
            await ct.UntilCanceled();
        }, caller.Token);
        await running.Reached();
        await caller.CancelAsync();
        await gather.Cancellation();

        Activity item = Assert.Single(_spans.Of(Name), static span => span.GetTagItem("async_toolkit.item.index") is not null);
        Assert.Equal("canceled", item.GetTagItem("async_toolkit.outcome"));
    }

    private sealed class Stubborn : IDisposable
    {
        public void Dispose() => throw new NotSupportedException();
    }
}
