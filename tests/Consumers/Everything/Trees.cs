using System.Text.Json;
using Async.Toolkit;
using Async.Toolkit.Diagnostics;
using Shared;

namespace Everything;

internal static class Trees
{
    public static async Task RunAsync(CancellationToken ct)
    {
        using IDisposable on = TaskTree.Enable();
        await TaskGroup.RunAsync(new() { Name = "drawn" }, async group =>
        {
            var started = new TaskCompletionSource();
            group.Start(token =>
            {
                started.SetResult();
                return Task.Delay(Timeout.Infinite, token);
            });
            await started.Task;
            TaskTreeSnapshot tree = TaskTree.Capture();
            Console.WriteLine(tree);
            Expect.That(tree.Nodes.Any(static node => node is { Kind: TaskTreeNodeKind.Group, Name: "drawn", Running: 1 }), "the tree shows what runs");
            using var json = JsonDocument.Parse(tree.ToJson());
            Expect.That(json.RootElement.ValueKind == JsonValueKind.Object, "the tree is JSON too");
            group.Cancel();
        }, ct);
    }
}
