using System.Runtime.CompilerServices;
using Async.Toolkit.Internal;
using Async.Toolkit.Timing;

namespace Async.Toolkit;

// The overloads with options come first, so that new() { … } means options and not a TimeSpan.
public sealed partial class AsyncTimeout
{
    /// <summary>Runs an operation that may take no longer than <paramref name="timeout"/>.</summary>
    /// <remarks>
    /// <para>The operation is called at once, on the caller's thread and context; what it throws there comes with the returned task. The guarantees are those of
    /// <see cref="AsyncTimeout"/>. The limit and the caller's token cancel on the thread pool.</para>
    /// <para>The time counts from the call. What completes at once costs no timer, and so what works on the caller's thread without ever waiting is not
    /// interrupted by the limit: put such work on the pool first. Without a limit the operation gets <paramref name="cancellationToken"/> itself.</para>
    /// </remarks>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync(TimeSpan timeout, Func<CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task RunAsync(TimeSpan timeout, Func<CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<TaskOperation<CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation that may take no longer than <paramref name="timeout"/>, and gives its result.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation and holds its result; the operation's own task where that was complete at once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<T> RunAsync<T>(TimeSpan timeout, Func<CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken, T>, T, ValueOrTimeout<T>, T>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{T}(TimeSpan, Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> RunAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<KeptTaskOperation<T>, T, ValueOrTimeout<T>, T>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation that may take no longer than <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync<TState>(TimeSpan timeout, TState state, Func<TState, CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{TState}(TimeSpan, TState, Func{TState, CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task RunAsync<TState>(TimeSpan timeout, TState state, Func<TState, CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateTaskOperation<TState, CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <summary>Runs an operation that may take no longer than <paramref name="timeout"/>, and gives its result.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation and holds its result; the operation's own task where that was complete at once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<T> RunAsync<TState, T>(TimeSpan timeout, TState state, Func<TState, CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken, T>, T, ValueOrTimeout<T>, T>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{TState, T}(TimeSpan, TState, Func{TState, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> RunAsync<TState, T>(TimeSpan timeout, TState state, Func<TState, CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<KeptStateTaskOperation<TState, T>, T, ValueOrTimeout<T>, T>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <summary>Runs an operation that may take no longer than <see cref="AsyncTimeoutOptions.Timeout"/>.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task RunAsync(AsyncTimeoutOptions options, Func<CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(AsyncTimeoutOptions, Func{CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task RunAsync(AsyncTimeoutOptions options, Func<CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<TaskOperation<CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation that may take no longer than <see cref="AsyncTimeoutOptions.Timeout"/>, and gives its result.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation and holds its result; the operation's own task where that was complete at once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task<T> RunAsync<T>(AsyncTimeoutOptions options, Func<CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken, T>, T, ValueOrTimeout<T>, T>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{T}(AsyncTimeoutOptions, Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<T> RunAsync<T>(AsyncTimeoutOptions options, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<KeptTaskOperation<T>, T, ValueOrTimeout<T>, T>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation that may take no longer than <see cref="AsyncTimeoutOptions.Timeout"/>.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task RunAsync<TState>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{TState}(AsyncTimeoutOptions, TState, Func{TState, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task RunAsync<TState>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateTaskOperation<TState, CancellationToken>, Unit, ValueOrTimeout<Unit>, Unit>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }

    /// <summary>Runs an operation that may take no longer than <see cref="AsyncTimeoutOptions.Timeout"/>, and gives its result.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation and holds its result; the operation's own task where that was complete at once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the time was up and the operation was cut short.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task<T> RunAsync<TState, T>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken, T>, T, ValueOrTimeout<T>, T>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{TState, T}(AsyncTimeoutOptions, TState, Func{TState, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<T> RunAsync<TState, T>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<KeptStateTaskOperation<TState, T>, T, ValueOrTimeout<T>, T>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }
}
