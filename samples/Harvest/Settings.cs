namespace Harvest;

/// <summary>What the command line asked for.</summary>
/// <param name="Concurrency">How many requests may be under way at once.</param>
/// <param name="FailingNamespace">The namespace whose endpoint answers 500; <see langword="null"/> for none.</param>
internal sealed record Settings(int Concurrency, string? FailingNamespace);
