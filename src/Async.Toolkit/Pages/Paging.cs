using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Async.Toolkit.Internal;
using Async.Toolkit.Pages;

namespace Async.Toolkit;

/// <summary>Makes one stream of items out of an API that gives them page by page.</summary>
/// <remarks>
/// All four styles give a <see cref="PageSequence{T}"/>, which states what is guaranteed. Nothing is asked for before the first item is. Safe for all
/// threads.
/// </remarks>
public static class Paging
{
    /// <summary>Pages of which each gives the cursor (token, bookmark, marker) of the next one.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="fetch">Gets the cursor of a page, <see langword="null"/> for the first one, and a token that is canceled when the enumeration is.
    /// <see langword="null"/> or an empty string as the next cursor ends the sequence.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the sequence in the task tree.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <returns>The sequence of the items.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fetch"/> is <see langword="null"/>.</exception>
    [OverloadResolutionPriority(1)]
    public static PageSequence<T> ByCursor<T>(Func<string?, CancellationToken, ValueTask<CursorPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        return PageSequence<T>.Of(new CursorStyle<T>(fetch), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <inheritdoc cref="ByCursor{T}(Func{string?, CancellationToken, ValueTask{CursorPage{T}}}, string, string, int)"/>
    public static PageSequence<T> ByCursor<T>(Func<string?, CancellationToken, Task<CursorPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        return ByCursor((cursor, token) => Pending.AsValueTask(fetch(cursor, token)), expression, filePath, lineNumber);
    }

    /// <summary>Pages with running numbers, from 1.</summary>
    /// <inheritdoc cref="ByPageNumber{T}(int, int, Func{int, CancellationToken, ValueTask{CountedPage{T}}}, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static AddressablePageSequence<T> ByPageNumber<T>(int pageSize, Func<int, CancellationToken, ValueTask<CountedPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0) =>
        ByPageNumber(pageSize, firstPage: 1, fetch, expression, filePath, lineNumber);

    /// <summary>Pages with running numbers, from 1.</summary>
    /// <inheritdoc cref="ByPageNumber{T}(int, int, Func{int, CancellationToken, ValueTask{CountedPage{T}}}, string, string, int)"/>
    public static AddressablePageSequence<T> ByPageNumber<T>(int pageSize, Func<int, CancellationToken, Task<CountedPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0) =>
        ByPageNumber(pageSize, firstPage: 1, fetch, expression, filePath, lineNumber);

    /// <summary>Pages with running numbers.</summary>
    /// <remarks>
    /// The sequence ends where the total says so, and without a total at the first empty page. Where the server gives fewer items a page than
    /// <paramref name="pageSize"/>, the total no longer tells the number of pages, and only an empty page behind it ends the sequence too: a server that
    /// silently caps the size of a page loses nothing.
    /// </remarks>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="pageSize">The number of items that the fetch asks for, from 1. A larger page ends the sequence with a <see cref="PagingException"/>.</param>
    /// <param name="firstPage">The number of the first page, from 0; mostly 0 or 1.</param>
    /// <param name="fetch">Gets the number of a page and a token that is canceled when the enumeration is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the sequence in the task tree.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <returns>The sequence of the items.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fetch"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pageSize"/> is zero or negative, or <paramref name="firstPage"/> is negative.</exception>
    [OverloadResolutionPriority(1)]
    public static AddressablePageSequence<T> ByPageNumber<T>(int pageSize, int firstPage, Func<int, CancellationToken, ValueTask<CountedPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        Check.AtLeastOne(pageSize, nameof(pageSize));
        ArgumentOutOfRangeException.ThrowIfNegative(firstPage);
        ArgumentNullException.ThrowIfNull(fetch);
        return AddressablePageSequence<T>.Of(new NumberStyle<T>(pageSize, firstPage, (page, token) => fetch(checked((int)page), token)), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <inheritdoc cref="ByPageNumber{T}(int, int, Func{int, CancellationToken, ValueTask{CountedPage{T}}}, string, string, int)"/>
    public static AddressablePageSequence<T> ByPageNumber<T>(int pageSize, int firstPage, Func<int, CancellationToken, Task<CountedPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        return ByPageNumber(pageSize, firstPage, (page, token) => Pending.AsValueTask(fetch(page, token)), expression, filePath, lineNumber);
    }

    /// <summary>Pages addressed by the number of items before them.</summary>
    /// <remarks>
    /// The sequence ends where the total says so, and without a total at the first empty page. The next offset is counted from the items that came, so
    /// that a server that silently caps the size of a page loses nothing; an empty page before the total is passed over by
    /// <paramref name="pageSize"/> items.
    /// </remarks>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="pageSize">The number of items that the fetch asks for, from 1. A larger page ends the sequence with a <see cref="PagingException"/>.</param>
    /// <param name="fetch">Gets an offset, from 0, and a token that is canceled when the enumeration is.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the sequence in the task tree.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <returns>The sequence of the items.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fetch"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pageSize"/> is zero or negative.</exception>
    [OverloadResolutionPriority(1)]
    public static AddressablePageSequence<T> ByOffset<T>(int pageSize, Func<long, CancellationToken, ValueTask<CountedPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        Check.AtLeastOne(pageSize, nameof(pageSize));
        ArgumentNullException.ThrowIfNull(fetch);
        return AddressablePageSequence<T>.Of(new OffsetStyle<T>(pageSize, fetch), CallerSite.OfSource(expression, filePath, lineNumber));
    }

    /// <inheritdoc cref="ByOffset{T}(int, Func{long, CancellationToken, ValueTask{CountedPage{T}}}, string, string, int)"/>
    public static AddressablePageSequence<T> ByOffset<T>(int pageSize, Func<long, CancellationToken, Task<CountedPage<T>>> fetch, [CallerArgumentExpression(nameof(fetch))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        return ByOffset(pageSize, (offset, token) => Pending.AsValueTask(fetch(offset, token)), expression, filePath, lineNumber);
    }

    /// <summary>Pages over HTTP whose <c>Link</c> header names the next one (RFC 8288, <c>rel="next"</c>), each a JSON array of items.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, <paramref name="first"/> or <paramref name="shape"/> is <see langword="null"/>.</exception>
    /// <inheritdoc cref="ByLink{TReply, T}(HttpClient, Uri, JsonTypeInfo{TReply}, Func{TReply, IReadOnlyList{T}?}, Func{Uri, bool}?, string, string, int)"/>
    public static PageSequence<T> ByLink<T>(HttpClient client, Uri first, JsonTypeInfo<T[]> shape, Func<Uri, bool>? mayFollow = null, [CallerArgumentExpression(nameof(first))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0) =>
        ByLink<T[], T>(client, first, shape, static items => items, mayFollow, expression, filePath, lineNumber);

    /// <summary>Pages over HTTP whose <c>Link</c> header names the next one (RFC 8288, <c>rel="next"</c>), each a JSON document that holds items.</summary>
    /// <remarks>
    /// <para>Relative links are resolved against the URI that answered, after redirects. A link to another scheme, host or port than that of
    /// <paramref name="first"/> ends the sequence with a <see cref="PagingException"/> unless <paramref name="mayFollow"/> allows it, because the client
    /// sends its headers, credentials among them, wherever it is sent. A header that cannot be read ends it with a
    /// <see cref="LinkHeaderException"/>, a status that is no success with an <see cref="HttpRequestException"/>, and a document that cannot be read with a
    /// <see cref="System.Text.Json.JsonException"/>.</para>
    /// <para>Retries, rates and time limits belong to the client's handlers; the client is not disposed.</para>
    /// </remarks>
    /// <typeparam name="TReply">The type of the document.</typeparam>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="client">Sends the requests.</param>
    /// <param name="first">The first page: an absolute http or https URI, or one relative to the client's <see cref="HttpClient.BaseAddress"/>.</param>
    /// <param name="shape">How to read the document, from a source-generated context, so that it works without reflection.</param>
    /// <param name="items">Takes the items out of the document.</param>
    /// <param name="mayFollow">Asked for each link to another scheme, host or port (http and https only). Default <see langword="null"/>: none is followed.</param>
    /// <param name="expression">Filled in by the compiler: the source text that names the sequence in the task tree.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <returns>The sequence of the items.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, <paramref name="first"/>, <paramref name="shape"/> or <paramref name="items"/> is
    /// <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="first"/> is not an http or https URI, or relative to a client without a base address.</exception>
    public static PageSequence<T> ByLink<TReply, T>(HttpClient client, Uri first, JsonTypeInfo<TReply> shape, Func<TReply, IReadOnlyList<T>?> items, Func<Uri, bool>? mayFollow = null, [CallerArgumentExpression(nameof(first))] string expression = "", [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(items);
        return PageSequence<T>.Of(new LinkStyle<TReply, T>(client, LinkStyle<TReply, T>.Absolute(client, first), shape, items, mayFollow), CallerSite.OfSource(expression, filePath, lineNumber));
    }
}
