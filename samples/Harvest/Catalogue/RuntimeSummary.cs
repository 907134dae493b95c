namespace Harvest.Catalogue;

/// <summary>What the catalogue is about and how large it is.</summary>
internal sealed record RuntimeSummary(string Runtime, int Assemblies, int Namespaces, int Types);
