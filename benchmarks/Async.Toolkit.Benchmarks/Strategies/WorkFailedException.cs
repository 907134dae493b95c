namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>The failure that was asked for.</summary>
internal sealed class WorkFailedException(int item) : Exception($"Item {item} failed, as it was told to.");
