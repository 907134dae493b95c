using System.Runtime.CompilerServices;
using Async.Toolkit.Gathering;

namespace Async.Toolkit;

public static partial class Gather
{
    /// <summary>Runs an operation for each item and gives the result of the one that succeeds first.</summary>
    /// <remarks>
    /// The others are then canceled and awaited, and their failures logged; with <see cref="GatherOptions.DisposeDiscarded"/> their late results are
    /// disposed. A success that was reached stays, whatever the caller cancels later. If no item succeeds, <see langword="await"/> throws the first failure, and the
    /// task's <see cref="AggregateException.InnerExceptions"/> hold all of them. The guarantees are those of <see cref="Gather"/>.
    /// </remarks>
    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <returns>A task that ends when nothing of the call runs any more, with the first success.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source is empty.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and nothing had succeeded or failed; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: no item succeeded and the first that failed ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<T> FirstSuccessAsync<TSource, T>(IEnumerable<TSource> source, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Unlimited(cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), settings);
    }

    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IEnumerable{TSource}, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> FirstSuccessAsync<TSource, T>(IEnumerable<TSource> source, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Unlimited(cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="maxConcurrency">How many items may be under way at once, from 1.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is zero or negative; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source is empty.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and nothing had succeeded or failed; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: no item succeeded and the first that failed ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IEnumerable{TSource}, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T> FirstSuccessAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), settings);
    }

    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> FirstSuccessAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/>, <paramref name="options"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are for items of another type; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source is empty.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and nothing had succeeded or failed; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: no item succeeded and the first that failed ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IEnumerable{TSource}, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<T> FirstSuccessAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Of<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), settings);
    }

    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<T> FirstSuccessAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Of<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), settings);
    }

    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T> FirstSuccessAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), settings);
    }

    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IAsyncEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> FirstSuccessAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="selector">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/>, <paramref name="options"/> or <paramref name="selector"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are for items of another type, or without a limit; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">On <see langword="await"/>: the source is empty.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and nothing had succeeded or failed; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: no item succeeded and the first that failed ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IEnumerable{TSource}, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<T> FirstSuccessAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource, T>(selector), settings);
    }

    /// <inheritdoc cref="FirstSuccessAsync{TSource, T}(IAsyncEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<T> FirstSuccessAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, Task<T>> selector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(selector);
        return First(new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource, T>(selector), settings);
    }

    private static Task<T> First<TSource, T>(ItemSource<TSource> source, ItemOperation<TSource, T> operation, in GatherSettings settings) =>
        First(source, operation, new FirstJoin<T, T>(1, static successes => successes[0]), settings);

    private static Task<TResult> First<TSource, T, TResult>(ItemSource<TSource> source, ItemOperation<TSource, T> operation, FirstJoin<T, TResult> join, in GatherSettings settings)
    {
        if (settings.Token.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(settings.Token);
        }

        new GatherRun<TSource, T>(source, operation, join, settings).Start();
        return join.Task;
    }
}
