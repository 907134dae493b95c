using System.Runtime.CompilerServices;

namespace Async.Toolkit.Testing;

public sealed partial class VirtualTime
{
    /// <summary>Runs a body on a virtual clock of its own, and ends with it.</summary>
    /// <remarks>The guarantees are those of <see cref="VirtualTime"/>. What the body has started and not awaited is left where it is: its timers never fire. The
    /// body begins as soon as the pool is at rest, or after about 150 ms. Where
    /// something has stopped the clocks of earlier runs that is no work of theirs, it begins when these are over or the pool is at rest, and ends when it has waited for that as long as
    /// <see cref="VirtualTimeOptions.RealTimeLimit"/>.</remarks>
    /// <param name="body">Gets the clock. It is called on the thread pool, without a <see cref="SynchronizationContext"/>.</param>
    /// <param name="cancellationToken">Ends the run at once; what runs is left behind. Canceled already, it starts nothing.</param>
    /// <returns>A task that ends with the body, and as the body does.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">The call stands inside the body of another run; thrown at once.</exception>
    /// <exception cref="VirtualTimeDeadlockException">On <see langword="await"/>: nothing could run, no timer was pending, and the body had not ended.</exception>
    /// <exception cref="RealTimeLimitException">On <see langword="await"/>: the run took more real time than <see cref="VirtualTimeOptions.RealTimeLimit"/>, or could not begin for so long.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled; it carries that token.</exception>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync(Func<VirtualTime, ValueTask> body, CancellationToken cancellationToken = default) =>
        RunAsync(VirtualTimeOptions.Default, body, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{VirtualTime, ValueTask}, CancellationToken)"/>
    public static Task RunAsync(Func<VirtualTime, Task> body, CancellationToken cancellationToken = default) =>
        RunAsync(VirtualTimeOptions.Default, body, cancellationToken);

    /// <summary>Runs a body on a virtual clock of its own, and gives its result.</summary>
    /// <typeparam name="T">The type of the body's result.</typeparam>
    /// <inheritdoc cref="RunAsync(Func{VirtualTime, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T> RunAsync<T>(Func<VirtualTime, ValueTask<T>> body, CancellationToken cancellationToken = default) =>
        RunAsync(VirtualTimeOptions.Default, body, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Func{VirtualTime, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> RunAsync<T>(Func<VirtualTime, Task<T>> body, CancellationToken cancellationToken = default) =>
        RunAsync(VirtualTimeOptions.Default, body, cancellationToken);

    /// <param name="options">The settings of the run.</param>
    /// <param name="body">Gets the clock. It is called on the thread pool, without a <see cref="SynchronizationContext"/>.</param>
    /// <param name="cancellationToken">Ends the run at once; what runs is left behind. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="body"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="LeakException">On <see langword="await"/>: <see cref="VirtualTimeOptions.CheckForLeaks"/> is set, the body has succeeded, and something was left.</exception>
    /// <inheritdoc cref="RunAsync(Func{VirtualTime, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync(VirtualTimeOptions options, Func<VirtualTime, ValueTask> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return VirtualRun<Task>.Start(options, time => body(time).AsTask(), body.Method, cancellationToken).Unwrap();
    }

    /// <inheritdoc cref="RunAsync(VirtualTimeOptions, Func{VirtualTime, ValueTask}, CancellationToken)"/>
    public static Task RunAsync(VirtualTimeOptions options, Func<VirtualTime, Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return VirtualRun<Task>.Start(options, body, body.Method, cancellationToken).Unwrap();
    }

    /// <summary>Runs a body on a virtual clock of its own, and gives its result.</summary>
    /// <typeparam name="T">The type of the body's result.</typeparam>
    /// <inheritdoc cref="RunAsync(VirtualTimeOptions, Func{VirtualTime, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<T> RunAsync<T>(VirtualTimeOptions options, Func<VirtualTime, ValueTask<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return VirtualRun<Task<T>>.Start(options, time => body(time).AsTask(), body.Method, cancellationToken).Unwrap();
    }

    /// <inheritdoc cref="RunAsync{T}(VirtualTimeOptions, Func{VirtualTime, ValueTask{T}}, CancellationToken)"/>
    public static Task<T> RunAsync<T>(VirtualTimeOptions options, Func<VirtualTime, Task<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return VirtualRun<Task<T>>.Start(options, body, body.Method, cancellationToken).Unwrap();
    }
}
