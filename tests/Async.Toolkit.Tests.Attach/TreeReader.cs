using System.Diagnostics.Tracing;
using System.Text.Json;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Async.Toolkit.Tests.Attach;

/// <summary>What another process sent of its task tree.</summary>
internal sealed record ReadTree(IReadOnlyList<JsonElement> Nodes, int Announced, int LeftOut, IReadOnlyList<int> Batches, bool IsComplete, IReadOnlyList<string> Refusals);

/// <summary>Reads the task tree of another process.</summary>
internal static class TreeReader
{
    public static ReadTree Read(int processId, IDictionary<string, string> arguments)
    {
        var provider = new EventPipeProvider("Async-Toolkit", EventLevel.Informational, keywords: 1, arguments);
        using EventPipeSession session = new DiagnosticsClient(processId).StartEventPipeSession(provider, requestRundown: false);

        Task stopped = Task.Run(session.Stop);
        var nodes = new List<JsonElement>();
        var batches = new List<int>();
        var refusals = new List<string>();
        int announced = 0;
        int leftOut = 0;
        bool isComplete = false;
        using var source = new EventPipeEventSource(session.EventStream);
        source.Dynamic.All += traced =>
        {
            switch (traced.EventName)
            {
                case "SnapshotBegan":
                    announced = (int)traced.PayloadByName("nodes");
                    leftOut = (int)traced.PayloadByName("leftOut");
                    break;
                case "SnapshotBatch":
                    batches.Add((int)traced.PayloadByName("sequence"));
                    nodes.AddRange(JsonDocument.Parse((string)traced.PayloadByName("json")).RootElement.EnumerateArray());
                    break;
                case "SnapshotEnded":
                    isComplete = (int)traced.PayloadByName("batches") == batches.Count && (int)traced.PayloadByName("nodes") == nodes.Count;
                    break;
                case "RequestRefused":
                    refusals.Add((string)traced.PayloadByName("reason"));
                    break;
            }
        };
        source.Process();
        stopped.Wait();
        return new ReadTree(nodes, announced, leftOut, batches, isComplete, refusals);
    }
}
