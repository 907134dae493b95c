using System.Runtime.CompilerServices;
using Async.Toolkit.Gathering;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public static partial class Gather
{
    /// <summary>Runs an operation for each item and gives the results as a stream.</summary>
    /// <remarks>
    /// <para>Nothing starts before the first <c>MoveNextAsync</c>; each enumeration is a call of its own. At most as many items as the limit allows are under way or
    /// finished and not yet taken, so a slow consumer slows down the reading of the source.</para>
    /// <para>After a failure the results that come before it are still yielded, then <c>MoveNextAsync</c> throws it when nothing runs any more; a cancellation
    /// likewise. A loop can be thrown one failure only, the first; those after it are logged. Leaving the loop early cancels what runs, and
    /// <c>DisposeAsync</c> returns when that has ended; failures that the consumer has not seen are logged. An enumerator is for one consumer, one call at a time. The guarantees are those of <see cref="Gather"/>.</para>
    /// </remarks>
    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="maxConcurrency">How many items may be under way at once, from 1.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the enumeration ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <returns>A stream of one result for each item, in the order of the source unless the call says otherwise.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is zero or negative; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: <paramref name="cancellationToken"/> or the enumeration's own token was canceled and left work undone; it carries the one that was.</exception>
    /// <exception cref="ChildCanceledException">While enumerating: an item ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="maxConcurrency">How many items may be under way at once, from 1.</param>
    /// <param name="order">The order of the results.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the enumeration ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is zero or negative; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: <paramref name="cancellationToken"/> or the enumeration's own token was canceled and left work undone; it carries the one that was.</exception>
    /// <exception cref="ChildCanceledException">While enumerating: an item ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, StreamOrder order, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), order, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, int, StreamOrder, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, StreamOrder order, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), order, settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the enumeration ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/>, <paramref name="options"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are for items of another type, or without a limit; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: <paramref name="cancellationToken"/> or the enumeration's own token was canceled and left work undone; it carries the one that was.</exception>
    /// <exception cref="ChildCanceledException">While enumerating: an item ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="order">The order of the results.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the enumeration ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/>, <paramref name="options"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are for items of another type, or without a limit; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: <paramref name="cancellationToken"/> or the enumeration's own token was canceled and left work undone; it carries the one that was.</exception>
    /// <exception cref="ChildCanceledException">While enumerating: an item ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, StreamOrder order, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), order, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, GatherOptions, StreamOrder, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, StreamOrder order, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), order, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IAsyncEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, int, StreamOrder, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, StreamOrder order, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), order, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IAsyncEnumerable{TSource}, int, StreamOrder, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, StreamOrder order, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), order, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IAsyncEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), StreamOrder.Source, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IEnumerable{TSource}, GatherOptions, StreamOrder, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, StreamOrder order, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), order, settings);
    }

    /// <inheritdoc cref="StreamAsync{TSource, T}(IAsyncEnumerable{TSource}, GatherOptions, StreamOrder, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static IAsyncEnumerable<T> StreamAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, StreamOrder order, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        Check.Defined(order, nameof(order));
        ArgumentNullException.ThrowIfNull(selector);
        return Stream(() => new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), order, settings);
    }

    private static GatherStream<TSource, T> Stream<TSource, T>(Func<ItemSource<TSource>> source, ItemOperation<TSource, T> operation, StreamOrder order, in GatherSettings settings) =>
        new(source, operation, order, settings);
}
