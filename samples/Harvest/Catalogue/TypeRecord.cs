namespace Harvest.Catalogue;

/// <summary>One record of the catalogue: a public type of the runtime.</summary>
internal sealed record TypeRecord(string FullName, TypeKind Kind, string Assembly);
