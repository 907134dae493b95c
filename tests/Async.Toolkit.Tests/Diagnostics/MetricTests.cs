using System.Text.RegularExpressions;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Conventions;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>What a listener of the meter hears.</summary>
[Collection(Listeners.Name)]
public sealed partial class MetricTests : IDisposable
{
    private readonly MetricRecorder _metrics = new();
    private readonly FakeTimeProvider _clock = new();

    // A name of its own for each test: counts go on for as long as the process lives.
    private readonly string _name = Guid.NewGuid().ToString("N");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TaskGroupOptions Options => new() { Name = _name, TimeProvider = _clock };

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task The_documentation_lists_every_instrument_with_its_kind_and_its_unit()
    {
        await TaskGroup.RunAsync(Options, static _ => Task.CompletedTask, Cancel);
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "diagnostics.md"));
        var listed = Row().Matches(page).Select(static row => (row.Groups["name"].Value, row.Groups["kind"].Value, row.Groups["unit"].Value));

        var published = _metrics.Instruments.Select(static one => (one.Name, Kind: one.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal), Unit: one.Unit ?? ""));
        Assert.Equal(published.Order(), listed.Order());
        Assert.All(_metrics.Instruments, static one => Assert.False(string.IsNullOrEmpty(one.Description)));
        Assert.All(_metrics.Instruments, static one => Assert.Equal("Async.Toolkit", one.Meter.Name));
    }

    [Fact]
    public async Task Groups_and_children_are_active_while_they_run()
    {
        var running = new Gate(2);
        var finish = new Gate();
        Task group = TaskGroup.RunAsync(
            Options,
            group =>
            {
                for (int i = 0; i < 2; i++)
                {
                    group.Start(async _ =>
                    {
                        running.Open();
                        await finish.Opened;
                    });
                }

                return Task.CompletedTask;
            },
            Cancel);

        await running.Reached();
        Assert.Equal(1, _metrics.Now("async_toolkit.group.active", _name));
        Assert.Equal(2, _metrics.Now("async_toolkit.child.active", _name));

        finish.Open();
        await group.Guarded();
        Assert.Equal(0, _metrics.Now("async_toolkit.group.active", _name));

        // Said and not left out: who collects would keep the last value.
        Assert.Single(_metrics.Of("async_toolkit.group.active", _name));
        Assert.Equal(0, Assert.Single(_metrics.Of("async_toolkit.child.active", _name)).Value);
    }

    [Fact]
    public async Task Children_of_all_groups_of_a_name_are_counted_when_they_begin_also_while_the_group_is_open()
    {
        await using TaskGroup open = TaskGroup.Open(Options, Cancel);
        await open.Run(static _ => Task.CompletedTask).Guarded();
        Assert.Equal(1, _metrics.Now("async_toolkit.child.started", _name));

        await TaskGroup.RunAsync(Options, static group => Task.WhenAll(group.Run(static async _ => await Task.Yield()), group.Run(static _ => Task.CompletedTask)), Cancel);
        Assert.Equal(3, _metrics.Now("async_toolkit.child.started", _name));
    }

    [Fact]
    public async Task The_count_of_children_never_falls_and_misses_nobody_while_groups_end()
    {
        const int Groups = 10_000;
        Task work = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            async () =>
            {
                for (int i = 0; i < Groups; i++)
                {
                    await TaskGroup.RunAsync(Options, static group => group.Run(static _ => Task.CompletedTask), Cancel);
                }
            },
            Cancel)));

        double last = 0;
        while (!work.IsCompleted)
        {
            double now = _metrics.Now("async_toolkit.child.started", _name);
            Assert.InRange(now, last, 2 * Groups);
            last = now;
        }

        await work.Guarded();
        Assert.Equal(2 * Groups, _metrics.Now("async_toolkit.child.started", _name));
    }

    [Fact]
    public void A_group_that_leaves_while_it_is_counted_is_counted_once()
    {
        var leaving = new LeavingGroup(_name);
        LiveRegistry.Enter(leaving);

        Assert.Equal(LeavingGroup.Children, _metrics.Now("async_toolkit.child.started", _name));
        leaving.Left!.Join();
        Assert.Equal(LeavingGroup.Children, _metrics.Now("async_toolkit.child.started", _name));
    }

    [Theory]
    [InlineData(100, 4, false)]
    [InlineData(100_000, 1, false)]
    [InlineData(100, 4, true)]
    [InlineData(3, 8, true)]
    public async Task Items_of_a_gather_are_counted_and_its_workers_are_not(int items, int limit, bool wait)
    {
        await Gather.ForEachAsync(
            Enumerable.Range(0, items),
            new GatherOptions { Name = _name, MaxConcurrency = limit },
            async (_, _) =>
            {
                if (wait)
                {
                    await Task.Yield();
                }
            },
            Cancel).Guarded();

        Assert.Equal(items, _metrics.Now("async_toolkit.child.started", _name));
        Assert.Empty(_metrics.Of("async_toolkit.child.failed", _name));
        Assert.Empty(_metrics.Of("async_toolkit.child.canceled", _name));
    }

    [Fact]
    public async Task An_item_that_waits_is_counted_while_it_waits()
    {
        var running = new Gate();
        var finish = new Gate();
        Task gather = Gather.ForEachAsync(
            [1, 2, 3],
            new GatherOptions { Name = _name, MaxConcurrency = 1 },
            async (item, _) =>
            {
                if (item == 2)
                {
                    running.Open();
                    await finish.Opened;
                }
            },
            Cancel);

        await running.Reached();
        Assert.True(SpinWait.SpinUntil(() => _metrics.Now("async_toolkit.child.started", _name) == 2, TimeSpan.FromSeconds(30)));
        finish.Open();
        await gather.Guarded();
    }

    [Fact]
    public async Task A_failed_child_is_counted_with_the_type_of_its_failure()
    {
        await TaskGroup.RunAsync(Options, static group => group.Run(static _ => Task.FromException(new InvalidDataException())), Cancel).OnlyFailure();
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = _name, FailurePolicy = FailurePolicy.Isolate },
            static async group => await group.Run(static _ => Task.FromException(new NotSupportedException())).Ended(),
            Cancel);
        await Gather.SettledAsync<int, int>([1, 2], new GatherOptions { Name = _name }, static (item, _) => item == 1 ? Task.FromResult(1) : throw new FormatException(), Cancel);

        Assert.Equal(
            ["System.FormatException", "System.IO.InvalidDataException", "System.NotSupportedException"],
            _metrics.Of("async_toolkit.child.failed", _name).Select(static one => one.Tags["error.type"]!.ToString()!).Order(StringComparer.Ordinal));
        Assert.All(_metrics.Of("async_toolkit.child.failed", _name), static one => Assert.Equal(1, one.Value));
        Assert.Empty(_metrics.Of("async_toolkit.child.canceled", _name));
    }

    [Fact]
    public async Task Canceled_children_are_counted_those_that_were_never_called_too()
    {
        var running = new Gate();
        await TaskGroup.RunAsync(
            new TaskGroupOptions { Name = _name, MaxConcurrency = 1 },
            async group =>
            {
                group.Start(async ct =>
                {
                    running.Open();
                    await ct.UntilCanceled();
                });
                group.Start(static _ => Task.CompletedTask); // waits, and is dropped
                await running.Opened;
                group.Cancel();
                group.Start(static _ => Task.CompletedTask); // refused
            },
            Cancel);

        Assert.Equal(3, _metrics.Of("async_toolkit.child.canceled", _name).Sum(static one => one.Value));
        Assert.Equal(1, _metrics.Now("async_toolkit.child.started", _name));
        Assert.Empty(_metrics.Of("async_toolkit.child.failed", _name));
    }

    [Fact]
    public async Task Canceled_items_are_counted_and_workers_that_found_no_item_are_not()
    {
        using var caller = new CancellationTokenSource();
        var running = new Gate(2);
        Task gather = Gather.ForEachAsync(
            [1, 2],
            new GatherOptions { Name = _name, MaxConcurrency = 4 },
            async (_, ct) =>
            {
                running.Open();
                await ct.UntilCanceled();
            },
            caller.Token);

        await running.Reached();
        await caller.CancelAsync();
        await gather.Cancellation();

        Assert.Equal(2, _metrics.Of("async_toolkit.child.canceled", _name).Sum(static one => one.Value));
    }

    [Fact]
    public async Task An_item_that_comes_after_the_cancellation_is_counted_as_canceled_and_never_begun()
    {
        using var caller = new CancellationTokenSource();
        var asked = new Gate();
        var give = new Gate();
        async IAsyncEnumerable<int> Slow()
        {
            asked.Open();
            await give.Opened;
            yield return 1;
        }

        Task gather = Gather.ForEachAsync(Slow(), new GatherOptions { Name = _name, MaxConcurrency = 1 }, static (_, _) => Task.CompletedTask, caller.Token);
        await asked.Reached();
        await caller.CancelAsync();
        give.Open();
        await gather.Cancellation();

        Assert.Equal(1, Assert.Single(_metrics.Of("async_toolkit.child.canceled", _name)).Value);
        Assert.Equal(0, _metrics.Now("async_toolkit.child.started", _name));
    }

    [Fact]
    public async Task A_group_tells_how_long_it_took_and_how_it_ended()
    {
        await TaskGroup.RunAsync(Options, _ => Spend(1), Cancel);
        await TaskGroup.RunAsync(Options, async _ => { await Spend(2); throw new InvalidDataException(); }, Cancel).OnlyFailure();
        await TaskGroup.RunAsync(new TaskGroupOptions { Name = _name, TimeProvider = _clock, Timeout = TimeSpan.FromSeconds(3) }, async group => { await Spend(3); await group.CancellationToken.UntilCanceled(); }, Cancel).OnlyFailure();
        using var caller = new CancellationTokenSource();
        await TaskGroup.RunAsync(Options, async group => { await Spend(4); await caller.CancelAsync(); await group.CancellationToken.UntilCanceled(); }, caller.Token).Cancellation();
        await TaskGroup.RunAsync(Options, async group => { await Spend(5); group.Cancel(); }, Cancel);

        Assert.Equal(
            [(1, "succeeded", null), (2, "failed", "System.IO.InvalidDataException"), (3, "timed_out", "System.TimeoutException"), (4, "canceled", null), (5, "succeeded", null)],
            _metrics.Of("async_toolkit.group.duration", _name).Select(static one => (one.Value, (string)one.Tags["async_toolkit.outcome"]!, (string?)one.Tags.GetValueOrDefault("error.type"))));
    }

    [Fact]
    public async Task A_gather_and_a_stream_tell_how_long_they_took()
    {
        var options = new GatherOptions { Name = _name, MaxConcurrency = 1, TimeProvider = _clock };
        await Gather.AllAsync([1], options, async (item, _) => { await Spend(1); return item; }, Cancel);
        await Gather.AllAsync<int, int>([1], options, async (_, _) => { await Spend(2); throw new InvalidDataException(); }, Cancel).OnlyFailure();
        await foreach (int item in Gather.StreamAsync([1], options, async (item, _) => { await Spend(3); return item; }, Cancel))
        {
        }

        Assert.Equal(
            [(1, "succeeded"), (2, "failed"), (3, "succeeded")],
            _metrics.Of("async_toolkit.group.duration", _name).Select(static one => (one.Value, (string)one.Tags["async_toolkit.outcome"]!)));
    }

    [Fact]
    public void Names_beyond_the_most_are_told_together()
    {
        var names = new MetricNames(most: 2);

        Assert.Equal(["a", @"b\n", "_OTHER", "_OTHER", "a", @"b\n"], ((string[])["a", "b\n", "c", "d", "a", "b\n"]).Select(names.Of));
    }

    [Fact]
    public async Task A_name_that_would_break_a_line_is_escaped_in_every_instrument()
    {
        var options = new TaskGroupOptions { Name = $"two\nlines {_name}", FailurePolicy = FailurePolicy.WaitForAll };
        string shown = $@"two\nlines {_name}";
        await TaskGroup.RunAsync(options, static group => group.Run(static _ => throw new InvalidDataException()), Cancel).OnlyFailure();

        Assert.Single(_metrics.Of("async_toolkit.group.duration", shown));
        Assert.Single(_metrics.Of("async_toolkit.child.failed", shown));
        Assert.Equal(1, _metrics.Now("async_toolkit.child.started", shown));
    }

    private Task Spend(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    }

    /// <summary>Ends, on another thread, at the very moment at which it has been counted.</summary>
    private sealed class LeavingGroup(string name) : LiveNode
    {
        public const int Children = 5;

        public Thread? Left { get; private set; }

        public override string GroupName => name;

        public override long CalledChildren
        {
            get
            {
                if (Left is null)
                {
                    Left = new Thread(() => GroupCounts.Of(name).Leave(this));
                    Left.Start();

                    // Time enough to get through, for one that may.
                    Left.Join(TimeSpan.FromMilliseconds(200));
                }

                return Children;
            }
        }

        public override void Describe(LiveView view)
        {
        }
    }

    [GeneratedRegex(@"^\| `(?<name>async_toolkit[\w.]+)` \| (?<kind>\w+) \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
