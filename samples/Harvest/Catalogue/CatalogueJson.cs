using System.Text.Json.Serialization;

namespace Harvest.Catalogue;

/// <summary>How the records travel: both sides share this one description.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RuntimeSummary))]
[JsonSerializable(typeof(NamespaceSummary[]))]
[JsonSerializable(typeof(TypeRecord[]))]
[JsonSerializable(typeof(CountedTypes))]
[JsonSerializable(typeof(TypesAndCursor))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
