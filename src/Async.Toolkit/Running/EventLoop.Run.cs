using System.Runtime.CompilerServices;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public sealed partial class EventLoop
{
    /// <summary>Runs a program on this thread, and returns when it has ended and nothing of it runs any more.</summary>
    /// <remarks>The guarantees are those of <see cref="EventLoop"/>. The call blocks this thread, which is the loop's until then.</remarks>
    /// <param name="main">The program. It gets the token of the loop's root group: canceled by <paramref name="cancellationToken"/>, by the first failure, and when main has returned.</param>
    /// <param name="cancellationToken">Cancels the program, from any thread. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="main"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">An event loop runs on this thread already.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled and left work undone; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">Main, a child or a posted callback ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static void Run(Func<CancellationToken, ValueTask> main, CancellationToken cancellationToken = default) =>
        Run(EventLoopOptions.Default, main, cancellationToken);

    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, CancellationToken)"/>
    public static void Run(Func<CancellationToken, Task> main, CancellationToken cancellationToken = default) =>
        Run(EventLoopOptions.Default, main, cancellationToken);

    /// <summary>Runs a program on this thread, and gives its result when it has ended and nothing of it runs any more.</summary>
    /// <typeparam name="T">The type of the program's result.</typeparam>
    /// <returns>What <paramref name="main"/> returned.</returns>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static T Run<T>(Func<CancellationToken, ValueTask<T>> main, CancellationToken cancellationToken = default) =>
        Run(EventLoopOptions.Default, main, cancellationToken);

    /// <inheritdoc cref="Run{T}(Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static T Run<T>(Func<CancellationToken, Task<T>> main, CancellationToken cancellationToken = default) =>
        Run(EventLoopOptions.Default, main, cancellationToken);

    /// <param name="options">The settings of the loop.</param>
    /// <param name="main">The program. It gets the token of the loop's root group: canceled by <paramref name="cancellationToken"/>, by the first failure, and when main has returned.</param>
    /// <param name="cancellationToken">Cancels the program, from any thread. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="main"/> is <see langword="null"/>.</exception>
    /// <inheritdoc cref="Run(Func{CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Run(EventLoopOptions options, Func<CancellationToken, ValueTask> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        Run<ValueTaskOperation<CancellationToken>, Unit>(options, new(main), cancellationToken);
    }

    /// <inheritdoc cref="Run(EventLoopOptions, Func{CancellationToken, ValueTask}, CancellationToken)"/>
    public static void Run(EventLoopOptions options, Func<CancellationToken, Task> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        Run<TaskOperation<CancellationToken>, Unit>(options, new(main), cancellationToken);
    }

    /// <summary>Runs a program on this thread, and gives its result when it has ended and nothing of it runs any more.</summary>
    /// <typeparam name="T">The type of the program's result.</typeparam>
    /// <returns>What <paramref name="main"/> returned.</returns>
    /// <inheritdoc cref="Run(EventLoopOptions, Func{CancellationToken, ValueTask}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static T Run<T>(EventLoopOptions options, Func<CancellationToken, ValueTask<T>> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        return Run<ValueTaskOperation<CancellationToken, T>, T>(options, new(main), cancellationToken);
    }

    /// <inheritdoc cref="Run{T}(EventLoopOptions, Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public static T Run<T>(EventLoopOptions options, Func<CancellationToken, Task<T>> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        return Run<TaskOperation<CancellationToken, T>, T>(options, new(main), cancellationToken);
    }
}
