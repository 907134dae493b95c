using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Async.Toolkit.Diagnostics;

/// <summary>Writes a snapshot for tools. By hand, so that it works where code is trimmed; the event source sends the same nodes in batches.</summary>
internal static class TreeJson
{
    public static string Write(TaskTreeSnapshot tree)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteString("capturedAt", tree.CapturedAt);
            json.WriteNumber("total", tree.Total);
            json.WriteNumber("leftOut", tree.LeftOut);
            json.WriteStartArray("nodes");
            foreach (TaskTreeNode node in tree.Nodes)
            {
                Write(json, node);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The nodes as JSON arrays, each small enough for one event: those hold 64 KB of UTF-16.</summary>
    public static IEnumerable<(int Count, string Json)> Batches(IReadOnlyList<TaskTreeNode> nodes)
    {
        const int EnoughBytes = 20_000;
        int next = 0;
        while (next < nodes.Count)
        {
            int first = next;
            var buffer = new ArrayBufferWriter<byte>(2 * EnoughBytes);
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartArray();
                while (next < nodes.Count && json.BytesCommitted + json.BytesPending < EnoughBytes)
                {
                    Write(json, nodes[next++]);
                }

                json.WriteEndArray();
            }

            yield return (next - first, Encoding.UTF8.GetString(buffer.WrittenSpan));
        }
    }

    /// <summary>One node; what is null, empty or a count of zero is not written.</summary>
    public static void Write(Utf8JsonWriter json, TaskTreeNode node)
    {
        json.WriteStartObject();
        json.WriteString("kind", Name(node.Kind));
        WriteText(json, "id", node.Id);
        WriteText(json, "parent", node.ParentId);
        WriteText(json, "name", node.Name);
        WriteText(json, "file", node.File);
        WriteCount(json, "line", node.Line);
        json.WriteString("state", Name(node.State));
        if (node.CancellationReason != CancellationReason.None)
        {
            json.WriteString("reason", Name(node.CancellationReason));
        }

        if (node.Age is { } age)
        {
            json.WriteNumber("ageMs", (long)age.TotalMilliseconds);
        }

        WriteCount(json, "running", node.Running);
        WriteCount(json, "waiting", node.Waiting);
        WriteCount(json, "leftOut", node.LeftOut);
        WriteText(json, "detail", node.Detail);
        WriteText(json, "waitsFor", node.WaitsFor);
        if (node.Waiters.Count > 0)
        {
            json.WriteStartArray("waiters");
            foreach (string waiter in node.Waiters)
            {
                json.WriteStringValue(waiter);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteCount(Utf8JsonWriter json, string name, int count)
    {
        if (count != 0)
        {
            json.WriteNumber(name, count);
        }
    }

    private static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
