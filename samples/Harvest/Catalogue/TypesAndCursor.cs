namespace Harvest.Catalogue;

/// <summary>A page of records, and the cursor of the next page, if there is one.</summary>
internal sealed record TypesAndCursor(TypeRecord[] Items, string? Next);
