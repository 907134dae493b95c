namespace Harvest.Catalogue;

/// <summary>A namespace and how many records it holds.</summary>
internal sealed record NamespaceSummary(string Name, int Types);
