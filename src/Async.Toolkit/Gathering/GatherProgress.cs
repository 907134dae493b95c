namespace Async.Toolkit;

/// <summary>How far a gather has come. Immutable; the numbers belong to one moment.</summary>
/// <param name="Started">How many items the delegate has been called for.</param>
/// <param name="Succeeded">How many of them have succeeded.</param>
/// <param name="Failed">How many of them have failed. Canceled items are counted as started only.</param>
/// <param name="Total">How many items there are, or <see langword="null"/> where the source cannot tell without being read.</param>
public readonly record struct GatherProgress(long Started, long Succeeded, long Failed, long? Total);
