using Async.Toolkit.Pages;

namespace Async.Toolkit;

/// <summary>One page of a <see cref="PageSequence{T}"/>, with the continuation behind it.</summary>
/// <remarks>Immutable as far as <see cref="Items"/> is: the very list that the fetch gave.</remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public readonly record struct Page<T>
{
    internal Page(int number, PageReply<T> reply, PageKey? next)
    {
        Number = number;
        Items = reply.Items!;
        Total = reply.Total;
        Next = next;
    }

    /// <summary>The place of the page in this enumeration, counted from 1; after <see cref="PageSequence{T}.ResumeFrom"/> it begins anew.</summary>
    public int Number { get; }

    /// <summary>The items, possibly none.</summary>
    public IReadOnlyList<T> Items { get; }

    /// <summary>How many items all pages have together, where the server told it.</summary>
    public long? Total { get; }

    /// <summary>Whether no page follows.</summary>
    public bool IsLast => Next is null;

    /// <summary>
    /// Where to go on behind this page, for <see cref="PageSequence{T}.ResumeFrom"/>: the next page's cursor, number, offset or absolute URI.
    /// <see langword="null"/> behind the last page.
    /// </summary>
    public string? Continuation => Next?.ToString();

    internal PageKey? Next { get; }
}
