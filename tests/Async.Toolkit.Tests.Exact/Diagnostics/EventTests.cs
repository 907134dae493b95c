using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Text.Json;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>What a listener within the process hears.</summary>
public sealed class EventTests
{
    private static readonly Dictionary<string, string?> Snapshot = new() { ["Snapshot"] = "tree" };

    [Fact]
    public void Every_event_is_as_the_runtime_wants_it() =>
        Assert.NotNull(EventSource.GenerateManifest(typeof(ToolkitEventSource), null, EventManifestOptions.Strict | EventManifestOptions.OnlyIfNeededForRegistration | EventManifestOptions.AllCultures) ?? "");

    [Fact]
    public async Task Groups_and_children_are_heard_as_they_come_and_go()
    {
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Verbose);
        await Assert.ThrowsAsync<InvalidOperationException>(static () => TaskGroup.RunAsync(new TaskGroupOptions { Name = "two\nlines", FailurePolicy = FailurePolicy.WaitForAll }, static async group =>
        {
            using var own = new CancellationTokenSource();
            await group.Run(static async _ => await Task.Yield());
            await group.Run(new ChildOptions { Name = "fails" }, static _ => throw new InvalidOperationException()).Ended();
            Task canceled = group.Run(new ChildOptions { Name = "given up", CancellationToken = own.Token }, static ct => Task.Delay(Timeout.Infinite, ct));
            await own.CancelAsync();
            await canceled.Ended();
        }));
        listener.DisableEvents(ToolkitEventSource.Instance);

        Heard[] heard = [.. listener.Heard];
        long group = Assert.IsType<long>(heard[0].Payload[0]);
        Assert.Equal(("GroupBegan", @"two\nlines"), (heard[0].Name, heard[0].Payload[1]));
        Assert.Equal(("GroupEnded", "failed"), (heard[^1].Name, heard[^1].Payload[1]));
        Assert.All(heard, each => Assert.Equal(group, each.Payload[0]));
        Assert.Equal(["static async _ => await Task.Yield()", "fails", "given up"], heard.Where(static each => each.Name == "ChildBegan").Select(static each => each.Payload[2]));
        Assert.Equal([1L, 2L, 3L], heard.Where(static each => each.Name == "ChildBegan").Select(static each => each.Payload[1]));

        // A child's own task ends a moment before its end is told: the next child may be over by then.
        Assert.Equal([(1L, "succeeded"), (2L, "failed"), (3L, "canceled")], heard.Where(static each => each.Name == "ChildEnded").Select(static each => ((long)each.Payload[1]!, (string)each.Payload[2]!)).Order());
        Assert.EndsWith($"{nameof(EventTests)}.cs", (string)heard[1].Payload[3]!, StringComparison.Ordinal);
        Assert.False(TaskTree.IsEnabled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_becomes_of_a_posted_child_it_is_heard_to_begin_before_it_ends(bool throws)
    {
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Verbose);
        SynchronizationContext? caller = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Posting(throws));
        TaskGroup group = TaskGroup.Open(new TaskGroupOptions { ChildContext = ChildContext.Caller });
        SynchronizationContext.SetSynchronizationContext(caller);
        using (ExecutionContext.SuppressFlow())
        {
            group.Start(new ChildOptions { Name = "posted" }, static _ => ValueTask.CompletedTask);
        }

        await group.JoinAsync().Ended();
        listener.DisableEvents(ToolkitEventSource.Instance);

        Assert.Equal(["ChildBegan", "ChildEnded"], listener.Heard.Select(static heard => heard.Name).Where(static name => name.StartsWith("Child", StringComparison.Ordinal)));
        Assert.Equal(throws ? "failed" : "succeeded", listener.Heard.Single(static heard => heard.Name == "ChildEnded").Payload[2]);
    }

    [Fact]
    public async Task A_snapshot_is_sent_before_the_command_returns_and_the_tree_is_on_for_as_long_as_somebody_listens()
    {
        var release = new Gate();
        var there = new Gate();
        Task run = TaskGroup.RunAsync(new TaskGroupOptions { Name = "asked for" }, group =>
        {
            group.Start(_ => { there.Open(); return release.Opened; });
            return release.Opened;
        });
        await there.Reached();
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Informational, ToolkitEventSource.Keywords.Tree, Snapshot);

        Assert.Equal(["SnapshotBegan", "SnapshotBatch", "SnapshotEnded"], listener.Heard.Select(static heard => heard.Name));
        Heard batch = listener.Heard.ElementAt(1);
        Assert.Equal(["snapshot", "sequence", "count", "nodes", "json"], batch.Names);
        Assert.Equal([0, 2, 2], batch.Payload.Skip(1).Take(3));
        Assert.Contains(JsonDocument.Parse((string)batch.Payload[4]!).RootElement.EnumerateArray(), static node => node.GetProperty("name").GetString() == "asked for");
        Assert.True(TaskTree.IsEnabled);
        listener.DisableEvents(ToolkitEventSource.Instance);
        Assert.False(TaskTree.IsEnabled);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task A_snapshot_that_is_sent_asks_no_clock_of_the_program()
    {
        var clock = new BrokenClock();
        var release = new Gate();
        var there = new Gate();
        Task run = TaskGroup.RunAsync(new TaskGroupOptions { TimeProvider = clock }, group =>
        {
            group.Start(_ => { there.Open(); return release.Opened; });
            return release.Opened;
        });
        await there.Reached();
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Informational, ToolkitEventSource.Keywords.Tree, Snapshot);
        listener.DisableEvents(ToolkitEventSource.Instance);

        Assert.Equal([2, 0], listener.Heard.First().Payload.Skip(1));
        Assert.Equal(0, clock.Questions);
        TaskTree.Capture();
        Assert.NotEqual(0, clock.Questions);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task A_large_tree_comes_in_batches_with_numbers_and_the_next_one_has_the_next_number()
    {
        const int Children = 600;
        var release = new Gate();
        var there = new Gate(Children);
        Task run = TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                group.Start(_ => { there.Open(); return release.Opened; });
            }

            return release.Opened;
        });
        await there.Reached();
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Informational, ToolkitEventSource.Keywords.Tree, Snapshot);
        Heard[] first = [.. listener.Heard];
        listener.Heard.Clear();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Informational, ToolkitEventSource.Keywords.Tree, Snapshot);
        Heard[] second = [.. listener.Heard];
        listener.DisableEvents(ToolkitEventSource.Instance);
        release.Open();
        await run.Guarded();

        Assert.False(TaskTree.IsEnabled);
        int number = Assert.IsType<int>(first[0].Payload[0]);
        Assert.All(first, heard => Assert.Equal(number, heard.Payload[0]));
        Assert.All(second, heard => Assert.Equal(number + 1, heard.Payload[0]));
        Assert.Equal([number, Children + 1, 0], first[0].Payload);
        Assert.Equal([number, first.Length - 2, Children + 1], first[^1].Payload);
        Heard[] batches = first[1..^1];
        Assert.True(batches.Length > 2);
        Assert.Equal(Enumerable.Range(0, batches.Length), batches.Select(static batch => (int)batch.Payload[1]!));
        Assert.Equal(Children + 1, batches.Sum(static batch => (int)batch.Payload[2]!));
        Assert.All(batches, static batch => Assert.Equal(Children + 1, batch.Payload[3]));
    }

    [Fact]
    public void Arguments_that_cannot_be_read_are_an_error_event_with_the_type_of_the_failure()
    {
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Informational, ToolkitEventSource.Keywords.Tree, new Unreadable());

        Heard refused = Assert.Single(listener.Heard);
        Assert.Equal(("RequestRefused", nameof(NotSupportedException)), (refused.Name, refused.Payload[0]));
        Assert.False(TaskTree.IsEnabled);
    }

    [Fact]
    public void A_wrong_argument_is_an_error_event_and_changes_nothing()
    {
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Informational, ToolkitEventSource.Keywords.Tree, new Dictionary<string, string?> { ["Snapshot"] = "forest" });

        Heard refused = Assert.Single(listener.Heard);
        Assert.Equal("RequestRefused", refused.Name);
        Assert.Contains("Snapshot=forest", (string)refused.Payload[0]!, StringComparison.Ordinal);
        Assert.False(TaskTree.IsEnabled);
    }

    [Theory]
    [InlineData(EventLevel.Error, 1)]
    [InlineData(EventLevel.Informational, 4)]
    [InlineData(EventLevel.Verbose, 2)]
    public void A_request_that_its_level_or_keyword_keeps_from_an_answer_is_refused(EventLevel level, long keywords)
    {
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, level, (EventKeywords)keywords, Snapshot);

        Heard refused = Assert.Single(listener.Heard);
        Assert.Equal("RequestRefused", refused.Name);
        Assert.Contains("keyword 1", (string)refused.Payload[0]!, StringComparison.Ordinal);
        listener.DisableEvents(ToolkitEventSource.Instance);
        Assert.False(TaskTree.IsEnabled);
    }

    [Fact]
    public async Task A_listener_that_throws_changes_no_outcome()
    {
        using var listener = new Listener { Throws = true };
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Verbose, EventKeywords.All, Snapshot);
        int result = await TaskGroup.RunAsync(static async group => await group.Run(static async _ => { await Task.Yield(); return 1; }));
        Exception failure = await Assert.ThrowsAsync<InvalidOperationException>(static () => TaskGroup.RunAsync(static group =>
        {
            group.Start(static _ => throw new InvalidOperationException("the child's own"));
            return Task.CompletedTask;
        }));

        Assert.Equal((1, "the child's own"), (result, failure.Message));
        Assert.True(listener.Heard.Count > 8);
    }

    [Fact]
    public async Task A_listener_that_runs_groups_of_its_own_holds_nobody_up()
    {
        using var listener = new Listener();
        listener.OnHeard = heard =>
        {
            if (heard.Name == "ChildBegan")
            {
                listener.OnHeard = null;
                TaskGroup.RunAsync(static group => { group.Start(static _ => ValueTask.CompletedTask); return Task.CompletedTask; }).Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
                TaskTree.Capture();
            }
        };
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Verbose);
        await TaskGroup.RunAsync(static group => { group.Start(static _ => ValueTask.CompletedTask); return Task.CompletedTask; }).Guarded();
        Assert.Null(listener.OnHeard);
    }

    // Throws, or runs what is posted in no context at all.
    private sealed class Posting(bool throws) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            if (throws)
            {
                throw new InvalidOperationException("The window is closed.");
            }

            using AsyncFlowControl flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
            d(state);
        }
    }

    private sealed class Unreadable : Dictionary<string, string?>, IEnumerable<KeyValuePair<string, string?>>
    {
        IEnumerator<KeyValuePair<string, string?>> IEnumerable<KeyValuePair<string, string?>>.GetEnumerator() => throw new NotSupportedException();
    }

    private sealed record Heard(string Name, IReadOnlyList<string> Names, IReadOnlyList<object?> Payload);

    private sealed class Listener : EventListener
    {
        public ConcurrentQueue<Heard> Heard { get; } = new();

        public bool Throws { get; init; }

        public Action<Heard>? OnHeard { get; set; }

        protected override void OnEventWritten(EventWrittenEventArgs written)
        {
            Heard heard = new(written.EventName!, written.PayloadNames!, written.Payload!);
            Heard.Enqueue(heard);
            OnHeard?.Invoke(heard);
            if (Throws)
            {
                throw new InvalidOperationException("This listener is broken.");
            }
        }
    }
}
