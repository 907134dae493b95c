using System.Runtime.CompilerServices;
using Async.Toolkit.Internal;
using Async.Toolkit.Timing;

namespace Async.Toolkit;

// The overloads with options come first, so that new() { … } means options and not a TimeSpan.
public sealed partial class AsyncTimeout
{
    /// <summary>Runs an operation for no longer than <paramref name="timeout"/> and tells whether it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: <see langword="true"/> when it completed, <see langword="false"/> when the limit cut it short.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<bool> TryRunAsync(TimeSpan timeout, Func<CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken>, Unit, CompletedOrNot, bool>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task<bool> TryRunAsync(TimeSpan timeout, Func<CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<TaskOperation<CancellationToken>, Unit, CompletedOrNot, bool>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation for no longer than <paramref name="timeout"/> and gives its result, if it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: whether it completed, and its result; the default where the limit cut it short.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<(bool Completed, T? Value)> TryRunAsync<T>(TimeSpan timeout, Func<CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync{T}(TimeSpan, Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<(bool Completed, T? Value)> TryRunAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<TaskOperation<CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(timeout, AsyncTimeoutOptions.Default, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation for no longer than <paramref name="timeout"/> and tells whether it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: <see langword="true"/> when it completed, <see langword="false"/> when the limit cut it short.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<bool> TryRunAsync<TState>(TimeSpan timeout, TState state, Func<TState, CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken>, Unit, CompletedOrNot, bool>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync{TState}(TimeSpan, TState, Func{TState, CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task<bool> TryRunAsync<TState>(TimeSpan timeout, TState state, Func<TState, CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateTaskOperation<TState, CancellationToken>, Unit, CompletedOrNot, bool>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <summary>Runs an operation for no longer than <paramref name="timeout"/> and gives its result, if it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="timeout">From zero (nothing starts) up, however long, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: whether it completed, and its result; the default where the limit cut it short.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; thrown at once.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<(bool Completed, T? Value)> TryRunAsync<TState, T>(TimeSpan timeout, TState state, Func<TState, CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync{TState, T}(TimeSpan, TState, Func{TState, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static Task<(bool Completed, T? Value)> TryRunAsync<TState, T>(TimeSpan timeout, TState state, Func<TState, CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        Check.Timeout(timeout, nameof(timeout));
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateTaskOperation<TState, CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(timeout, AsyncTimeoutOptions.Default, new(state, operation), cancellationToken);
    }

    /// <summary>Runs an operation for no longer than <see cref="AsyncTimeoutOptions.Timeout"/> and tells whether it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: <see langword="true"/> when it completed, <see langword="false"/> when the limit cut it short.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task<bool> TryRunAsync(AsyncTimeoutOptions options, Func<CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken>, Unit, CompletedOrNot, bool>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync(AsyncTimeoutOptions, Func{CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<bool> TryRunAsync(AsyncTimeoutOptions options, Func<CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<TaskOperation<CancellationToken>, Unit, CompletedOrNot, bool>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation for no longer than <see cref="AsyncTimeoutOptions.Timeout"/> and gives its result, if it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="operation">Gets the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: whether it completed, and its result; the default where the limit cut it short.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task<(bool Completed, T? Value)> TryRunAsync<T>(AsyncTimeoutOptions options, Func<CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<ValueTaskOperation<CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync{T}(AsyncTimeoutOptions, Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<(bool Completed, T? Value)> TryRunAsync<T>(AsyncTimeoutOptions options, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<TaskOperation<CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(options.Timeout, options, new(operation), cancellationToken);
    }

    /// <summary>Runs an operation for no longer than <see cref="AsyncTimeoutOptions.Timeout"/> and tells whether it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: <see langword="true"/> when it completed, <see langword="false"/> when the limit cut it short.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task<bool> TryRunAsync<TState>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, ValueTask> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken>, Unit, CompletedOrNot, bool>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync{TState}(AsyncTimeoutOptions, TState, Func{TState, CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<bool> TryRunAsync<TState>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, Task> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateTaskOperation<TState, CancellationToken>, Unit, CompletedOrNot, bool>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }

    /// <summary>Runs an operation for no longer than <see cref="AsyncTimeoutOptions.Timeout"/> and gives its result, if it completed: a limit that strikes is no exception.</summary>
    /// <inheritdoc cref="RunAsync(TimeSpan, Func{CancellationToken, ValueTask}, CancellationToken)" path="/remarks"/>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="options">The limit and its settings.</param>
    /// <param name="state">Handed to the operation, so that its delegate needs no closure.</param>
    /// <param name="operation">Gets the state and the token that the limit and <paramref name="cancellationToken"/> cancel.</param>
    /// <param name="cancellationToken">Cancels the operation. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the operation: whether it completed, and its result; the default where the limit cut it short.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="operation"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and cut the operation short; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: the operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(3)]
    public static Task<(bool Completed, T? Value)> TryRunAsync<TState, T>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, ValueTask<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateValueTaskOperation<TState, CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }

    /// <inheritdoc cref="TryRunAsync{TState, T}(AsyncTimeoutOptions, TState, Func{TState, CancellationToken, ValueTask{T}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<(bool Completed, T? Value)> TryRunAsync<TState, T>(AsyncTimeoutOptions options, TState state, Func<TState, CancellationToken, Task<T>> operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(operation);
        return LimitedCall<StateTaskOperation<TState, CancellationToken, T>, T, ValueOrNot<T>, (bool Completed, T? Value)>.Start(options.Timeout, options, new(state, operation), cancellationToken);
    }
}
