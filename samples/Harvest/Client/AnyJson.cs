using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harvest.Client;

/// <summary>Records of which only their writer knows the shape.</summary>
[JsonSerializable(typeof(JsonElement[]))]
internal sealed partial class AnyJson : JsonSerializerContext;
