namespace Harvest.Catalogue;

/// <summary>A page of records, and how many records all pages have together.</summary>
internal sealed record CountedTypes(TypeRecord[] Items, int Total);
