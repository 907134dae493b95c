namespace Async.Toolkit;

/// <summary>What a fetch by cursor gives: one page's items and the cursor of the next page.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="Items">The page's items. An empty page with a next one goes on.</param>
/// <param name="Next">The cursor of the next page; <see langword="null"/> or the empty string on the last page.</param>
public readonly record struct CursorPage<T>(IReadOnlyList<T> Items, string? Next);
