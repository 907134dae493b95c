using System.Runtime.CompilerServices;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public sealed partial class TaskGroup
{
    /// <summary>Runs a body that may start concurrent children, and ends when the body and every child have ended.</summary>
    /// <remarks>
    /// The body is called on the caller's thread and context, at once, and takes no place of <see cref="TaskGroupOptions.MaxConcurrency"/>. The guarantees
    /// are those of <see cref="TaskGroup"/>. Continuations of the returned task never run on the last child's stack.
    /// </remarks>
    /// <param name="body">Gets the group. It may return while children run; they are awaited.</param>
    /// <param name="cancellationToken">Cancels the group. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <returns>A task that ends with the group.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and left work undone; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: a child or the body ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync(Func<TaskGroup, ValueTask> body, CancellationToken cancellationToken = default) =>
        RunAsync(TaskGroupOptions.Default, body, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{TaskGroup, ValueTask}, CancellationToken)"/>
    public static Task RunAsync(Func<TaskGroup, Task> body, CancellationToken cancellationToken = default) =>
        RunAsync(TaskGroupOptions.Default, body, cancellationToken);

    /// <summary>Runs a body that may start concurrent children, and gives the body's result when the body and every child have ended.</summary>
    /// <typeparam name="T">The type of the body's result.</typeparam>
    /// <returns>A task that ends with the group and holds the body's result.</returns>
    /// <inheritdoc cref="RunAsync(Func{TaskGroup, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T> RunAsync<T>(Func<TaskGroup, ValueTask<T>> body, CancellationToken cancellationToken = default) =>
        RunAsync(TaskGroupOptions.Default, body, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Func{TaskGroup, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> RunAsync<T>(Func<TaskGroup, Task<T>> body, CancellationToken cancellationToken = default) =>
        RunAsync(TaskGroupOptions.Default, body, cancellationToken);

    /// <param name="options">The settings of the group.</param>
    /// <param name="body">Gets the group. It may return while children run; they are awaited.</param>
    /// <param name="cancellationToken">Cancels the group. Canceled already, it starts nothing: the returned task is canceled.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="body"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and left work undone; it carries that token.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: <see cref="TaskGroupOptions.Timeout"/> passed and left work undone.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: a child or the body ended with a cancellation that nobody had asked for.</exception>
    /// <inheritdoc cref="RunAsync(Func{TaskGroup, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync(TaskGroupOptions options, Func<TaskGroup, ValueTask> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return BodyRun<ValueTaskOperation<TaskGroup>, Unit>.Start(options, new(body), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(TaskGroupOptions, Func{TaskGroup, ValueTask}, CancellationToken)"/>
    public static Task RunAsync(TaskGroupOptions options, Func<TaskGroup, Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return BodyRun<TaskOperation<TaskGroup>, Unit>.Start(options, new(body), cancellationToken);
    }

    /// <summary>Runs a body that may start concurrent children, and gives the body's result when the body and every child have ended.</summary>
    /// <typeparam name="T">The type of the body's result.</typeparam>
    /// <returns>A task that ends with the group and holds the body's result.</returns>
    /// <inheritdoc cref="RunAsync(TaskGroupOptions, Func{TaskGroup, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T> RunAsync<T>(TaskGroupOptions options, Func<TaskGroup, ValueTask<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return BodyRun<ValueTaskOperation<TaskGroup, T>, T>.Start(options, new(body), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync{T}(TaskGroupOptions, Func{TaskGroup, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> RunAsync<T>(TaskGroupOptions options, Func<TaskGroup, Task<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return BodyRun<TaskOperation<TaskGroup, T>, T>.Start(options, new(body), cancellationToken);
    }
}
