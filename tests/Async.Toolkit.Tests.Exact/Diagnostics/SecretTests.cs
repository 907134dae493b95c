using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>No value of an argument, an item, an address or a result gets into the tree or an event.</summary>
public sealed class SecretTests
{
    private const string Secret = "hunter2";

    [Fact]
    public async Task A_secret_that_is_everywhere_in_the_work_is_nowhere_in_what_is_shown_of_it()
    {
        string secret = Secret;
        var address = new Uri($"https://{Secret}.example/{Secret}?key={Secret}");
        var release = new Gate();
        var there = new Gate(7);
        using var listener = new Listener();
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Verbose);
        Task run = TaskGroup.RunAsync(async group =>
        {
            group.Start(async _ => await UseAsync("hunter2"));
            group.Start(secret, async (state, _) => await UseAsync(state));
            group.Start((Secret, address), async (state, _) => await UseAsync(state.address));
            Task<string> result = group.Run(async _ => (string)await UseAsync($"hunter2{secret}" + "hunter2"));
            Task gather = Gather.AllAsync(new[] { secret, "hunter2" }, 2, async (item, _) => await UseAsync(item), group.CancellationToken);
            group.Start(async ct =>
            {
                await foreach (string _ in Paging.ByCursor(async (string? cursor, CancellationToken _) => new CursorPage<string>([(string)await UseAsync(cursor ?? "hunter2")], null)).WithCancellation(ct))
                {
                }
            });
            await release.Opened;
            await result;
            await gather;
            throw new InvalidOperationException(Secret);
        });
        await there.Reached();
        TaskTreeSnapshot tree = TaskTree.Capture();
        var attached = new Dictionary<string, string?> { ["Snapshot"] = "tree" };
        listener.EnableEvents(ToolkitEventSource.Instance, EventLevel.Verbose, EventKeywords.All, attached);
        release.Open();
        await run.Ended();

        Assert.True(tree.Nodes.Count >= 9);
        Assert.True(listener.Text.Count > tree.Nodes.Count);
        Assert.All([tree.ToString(), tree.ToJson(), .. listener.Text], static text => Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase));

        async Task<object> UseAsync(object value)
        {
            there.Open();
            await release.Opened;
            return value;
        }
    }

    private sealed class Listener : EventListener
    {
        public ConcurrentQueue<string> Text { get; } = new();

        protected override void OnEventWritten(EventWrittenEventArgs written) =>
            Text.Enqueue($"{written.EventName} {string.Join(' ', written.Payload!)}");
    }
}
