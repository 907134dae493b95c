using System.Text;
using System.Text.Json;
using Shared;

namespace Nothing;

internal static class Trees
{
    public static void Run()
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("name", "drawn");
            writer.WriteNumber("running", 1);
            writer.WriteEndObject();
        }

        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(text.ToArray()));
        Expect.That(json.RootElement.ValueKind == JsonValueKind.Object, "the tree is JSON too");
    }
}
