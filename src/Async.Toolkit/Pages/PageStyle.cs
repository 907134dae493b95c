namespace Async.Toolkit.Pages;

/// <summary>One style of pagination: how pages are addressed, asked for, and which one follows. Holds nothing of an enumeration.</summary>
internal abstract class PageStyle<T>
{
    /// <summary>Where the first page of all is.</summary>
    public abstract PageKey First { get; }

    /// <summary>The most items that a page may have.</summary>
    public virtual int MaxItems => int.MaxValue;

    /// <summary>Reads what <see cref="Page{T}.Continuation"/> gave.</summary>
    /// <exception cref="ArgumentException">It is none of this sequence's.</exception>
    public abstract PageKey Parse(string continuation);

    /// <summary>
    /// Asks for a page. <see langword="null"/> means that <paramref name="reply"/> holds it already; otherwise the task that is running, failed or canceled.
    /// </summary>
    public abstract Task? Begin(PageKey page, out PageReply<T> reply, CancellationToken cancellationToken);

    /// <summary>The reply of a task that <see cref="Begin"/> gave and that has succeeded since.</summary>
    public abstract PageReply<T> ReplyOf(Task succeeded);

    /// <summary>The page behind <paramref name="page"/>, or <see langword="null"/> at the end.</summary>
    public abstract PageKey? Next(PageKey page, PageReply<T> reply);

    /// <summary>
    /// The page that probably follows, before its predecessor's reply is known; <see langword="null"/> where none can be told, or where
    /// <paramref name="total"/> items end before it.
    /// </summary>
    public virtual PageKey? Guess(PageKey page, long? total) => null;
}
