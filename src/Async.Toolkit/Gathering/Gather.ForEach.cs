using System.Runtime.CompilerServices;
using Async.Toolkit.Gathering;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public static partial class Gather
{
    /// <summary>Runs an operation for each item. Needs the same memory however many there are.</summary>
    /// <remarks>
    /// The first failure cancels the others; when all have ended, <see langword="await"/> throws it, and the task's <see cref="AggregateException.InnerExceptions"/>
    /// hold all failures in order of occurrence. If every item succeeded all the same, the call succeeds even though a cancellation struck meanwhile. A
    /// value that the operation returns is dropped. The guarantees are those of <see cref="Gather"/>.
    /// </remarks>
    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="maxConcurrency">How many items may be under way at once, from 1.</param>
    /// <param name="action">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <returns>A task that ends when nothing of the call runs any more.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="action"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is zero or negative; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and left work undone; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: an item ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task ForEachAsync<TSource>(IEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource>(action), settings);
    }

    /// <inheritdoc cref="ForEachAsync{TSource}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task ForEachAsync<TSource>(IEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, Task> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource>(action), settings);
    }

    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="maxConcurrency">How many items may be under way at once, from 1.</param>
    /// <param name="action">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <inheritdoc cref="ForEachAsync{TSource}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task ForEachAsync<TSource, T>(IEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask<T>> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new EnumerableSource<TSource>(source), new DroppedValueItemOperation<TSource, T>(action), settings);
    }

    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="action">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/>, <paramref name="options"/> or <paramref name="action"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are for items of another type, or without a limit; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and left work undone; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: an item ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="ForEachAsync{TSource}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task ForEachAsync<TSource>(IEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new EnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource>(action), settings);
    }

    /// <inheritdoc cref="ForEachAsync{TSource}(IEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task ForEachAsync<TSource>(IEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, Task> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new EnumerableSource<TSource>(source), new TaskItemOperation<TSource>(action), settings);
    }

    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="action">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <inheritdoc cref="ForEachAsync{TSource}(IEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task ForEachAsync<TSource, T>(IEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask<T>> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new EnumerableSource<TSource>(source), new DroppedValueItemOperation<TSource, T>(action), settings);
    }

    /// <inheritdoc cref="ForEachAsync{TSource}(IEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task ForEachAsync<TSource>(IAsyncEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource>(action), settings);
    }

    /// <inheritdoc cref="ForEachAsync{TSource}(IAsyncEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task ForEachAsync<TSource>(IAsyncEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, Task> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource>(action), settings);
    }

    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="maxConcurrency">How many items may be under way at once, from 1.</param>
    /// <param name="action">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <inheritdoc cref="ForEachAsync{TSource}(IAsyncEnumerable{TSource}, int, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task ForEachAsync<TSource, T>(IAsyncEnumerable<TSource> source, int maxConcurrency, Func<TSource, CancellationToken, ValueTask<T>> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherSettings settings = GatherSettings.Of(maxConcurrency, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new AsyncEnumerableSource<TSource>(source), new DroppedValueItemOperation<TSource, T>(action), settings);
    }

    /// <inheritdoc cref="ForEachAsync{TSource}(IEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task ForEachAsync<TSource>(IAsyncEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new AsyncEnumerableSource<TSource>(source), new ValueTaskItemOperation<TSource>(action), settings);
    }

    /// <inheritdoc cref="ForEachAsync{TSource}(IAsyncEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task ForEachAsync<TSource>(IAsyncEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, Task> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new AsyncEnumerableSource<TSource>(source), new TaskItemOperation<TSource>(action), settings);
    }

    /// <typeparam name="TSource">The type of the items.</typeparam>
    /// <typeparam name="T">The type of the value that is dropped.</typeparam>
    /// <param name="source">The items. Read lazily, by one worker at a time, never further ahead than the limit, and always disposed.</param>
    /// <param name="options">The settings.</param>
    /// <param name="action">Called for each item on the thread pool, with the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <inheritdoc cref="ForEachAsync{TSource}(IAsyncEnumerable{TSource}, GatherOptions, Func{TSource, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task ForEachAsync<TSource, T>(IAsyncEnumerable<TSource> source, GatherOptions options, Func<TSource, CancellationToken, ValueTask<T>> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        GatherSettings settings = GatherSettings.Limited<TSource>(options, cancellationToken);
        ArgumentNullException.ThrowIfNull(action);
        return ForEach(new AsyncEnumerableSource<TSource>(source), new DroppedValueItemOperation<TSource, T>(action), settings);
    }

    private static Task ForEach<TSource>(ItemSource<TSource> source, ItemOperation<TSource, Unit> operation, in GatherSettings settings)
    {
        if (settings.Token.IsCancellationRequested)
        {
            return Task.FromCanceled(settings.Token);
        }

        var join = new ForEachJoin();
        new GatherRun<TSource, Unit>(source, operation, join, settings).Start();
        return join.Task;
    }
}
