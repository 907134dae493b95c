namespace Harvest.Server;

/// <summary>How a server misbehaves.</summary>
/// <param name="FailingNamespace">The namespace whose endpoint answers 500; <see langword="null"/> for none.</param>
/// <param name="Chaos">The share of requests that fail, from 0 to 1.</param>
/// <param name="Seed">Decides which ones.</param>
internal sealed record ServerSettings(string? FailingNamespace, double Chaos, int Seed);
