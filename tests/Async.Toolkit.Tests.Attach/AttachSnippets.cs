using System.Diagnostics.Tracing;
using System.Text.Json;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Async.Toolkit.Tests.Attach;

/// <summary>The code of docs/diagnostics-tree.md that looks into another process.</summary>
internal static class AttachSnippets
{
    // snippet: attach
    public static List<JsonElement> ReadTree(int processId)
    {
        var arguments = new Dictionary<string, string> { ["Snapshot"] = "tree" };
        var provider = new EventPipeProvider("Async-Toolkit", EventLevel.Informational, keywords: 1, arguments);
        using EventPipeSession session = new DiagnosticsClient(processId).StartEventPipeSession(provider, requestRundown: false);

        // The answer is there already. Without the stop it would stay in the other process until a buffer is full.
        Task stopped = Task.Run(session.Stop);
        var snapshots = new Dictionary<int, List<JsonElement>>();
        List<JsonElement>? whole = null;
        using var source = new EventPipeEventSource(session.EventStream);
        source.Dynamic.AddCallbackForProviderEvent("Async-Toolkit", "SnapshotBatch", batch =>
            Nodes(batch).AddRange(JsonDocument.Parse((string)batch.PayloadByName("json")).RootElement.EnumerateArray()));
        source.Dynamic.AddCallbackForProviderEvent("Async-Toolkit", "SnapshotEnded", end =>
            whole = Nodes(end).Count == (int)end.PayloadByName("nodes") ? Nodes(end) : whole);
        source.Process();
        stopped.Wait();
        return whole ?? throw new InvalidOperationException("No snapshot has arrived whole; ask again.");

        // A session also sees the snapshots that others ask for meanwhile, and of some only the end.
        List<JsonElement> Nodes(TraceEvent of)
        {
            int snapshot = (int)of.PayloadByName("snapshot");
            return snapshots.TryGetValue(snapshot, out List<JsonElement>? known) ? known : snapshots[snapshot] = [];
        }
    }
    // end-snippet
}
