namespace Async.Toolkit;

/// <summary>What a fetch by page number or offset gives: one page's items and, where known, how many items there are.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="Items">The page's items.</param>
/// <param name="Total">How many items all pages have together; <see langword="null"/> where the server does not tell: then an empty page ends.
/// A negative one ends the sequence with a <see cref="PagingException"/>.</param>
public readonly record struct CountedPage<T>(IReadOnlyList<T> Items, long? Total = null);
