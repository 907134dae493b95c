using System.Runtime.CompilerServices;
using Async.Toolkit.Gathering;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public static partial class Gather
{
    /// <summary>Runs an operation for each item and gives the results of the first that succeed, in the order of their completion.</summary>
    /// <remarks>
    /// As soon as there are enough, the others are canceled and awaited, and their failures logged. As soon as there cannot be enough any more, the
    /// others are canceled and awaited too, and <see langword="await"/> throws the first failure; the task's <see cref="AggregateException.InnerExceptions"/> hold
    /// all of them. The guarantees are those of <see cref="Gather"/>.
    /// </remarks>
    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="count">How many successes are wanted, from 1 to the number of items.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <returns>A task that ends when nothing of the call runs any more, with exactly as many results as were asked for.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is zero, negative, or larger than the number of items where the source can tell it; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source gave too few items, and none failed.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and there were neither enough successes nor a failure; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: there were not enough successes, and the first item that failed ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IEnumerable<TSource> source, int count, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Unlimited(cancellationToken);
        CheckCount(count, source);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IEnumerable<TSource> source, int count, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Unlimited(cancellationToken);
        CheckCount(count, source);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="maxConcurrency">How many items may be under way at once, from 1.</param>
    /// <param name="count">How many successes are wanted, from 1 to the number of items.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is zero or negative; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is zero, negative, or larger than the number of items where the source can tell it; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source gave too few items, and none failed.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and there were neither enough successes nor a failure; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: there were not enough successes, and the first item that failed ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, int count, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        CheckCount(count, source);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IEnumerable{TSource}, int, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, int count, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        CheckCount(count, source);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="count">How many successes are wanted, from 1 to the number of items.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/>, <paramref name="options"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are for items of another type; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is zero, negative, or larger than the number of items where the source can tell it; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source gave too few items, and none failed.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and there were neither enough successes nor a failure; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: there were not enough successes, and the first item that failed ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, int count, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Of<TSource>(options, cancellationToken);
        CheckCount(count, source);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IEnumerable{TSource}, GatherOptions, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, int count, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Of<TSource>(options, cancellationToken);
        CheckCount(count, source);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IEnumerable{TSource}, int, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, int count, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        CheckCount<TSource>(count, null);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IAsyncEnumerable{TSource}, int, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, int count, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        CheckCount<TSource>(count, null);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="count">How many successes are wanted, from 1 to the number of items.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/>, <paramref name="options"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are for items of another type, or without a limit; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is zero, negative, or larger than the number of items where the source can tell it; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source gave too few items, and none failed.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and there were neither enough successes nor a failure; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: there were not enough successes, and the first item that failed ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, int count, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        CheckCount<TSource>(count, null);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), count, settings);
    }

    /// <inheritdoc cref="FirstSuccessesAsync{TSource, T}(IAsyncEnumerable{TSource}, GatherOptions, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<T[]> FirstSuccessesAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, int count, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        CheckCount<TSource>(count, null);
        ArgumentNullException.ThrowIfNull(selector);
        return FirstOf(new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), count, settings);
    }

    private static Task<T[]> FirstOf<TSource, T>(ItemSource<TSource> source, ItemOperation<TSource, T> operation, int count, in GatherSettings settings) =>
        First(source, operation, new FirstJoin<T, T[]>(count, static successes => [.. successes]), settings);

    private static void CheckCount<TSource>(int count, IEnumerable<TSource>? source)
    {
        Check.AtLeastOne(count, nameof(count));
        if (source is not null && source.TryGetNonEnumeratedCount(out int known) && count > known)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"count must not be larger than the number of items, which is {known}.");
        }
    }
}
