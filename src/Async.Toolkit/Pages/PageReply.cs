namespace Async.Toolkit.Pages;

/// <summary>What a server gave for one page, in whatever style.</summary>
/// <param name="Items">The items; <see langword="null"/> where the fetch broke its contract.</param>
/// <param name="Next">The next page's cursor or URI, in the styles that have one.</param>
/// <param name="Total">The number of all items, where known.</param>
internal readonly record struct PageReply<T>(IReadOnlyList<T>? Items, string? Next, long? Total);
