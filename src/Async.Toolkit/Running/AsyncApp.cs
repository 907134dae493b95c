using System.Runtime.CompilerServices;
using Async.Toolkit.Internal;
using Async.Toolkit.Running;

namespace Async.Toolkit;

/// <summary>Runs an asynchronous program as a process: signals cancel it, and its end becomes an exit code.</summary>
/// <remarks>
/// <para>What is guaranteed:</para>
/// <list type="bullet">
/// <item>The first SIGINT (Ctrl+C), SIGTERM or SIGQUIT cancels the token of main and says so in one line on stderr. Main then has
/// <see cref="AsyncAppOptions.ShutdownTimeout"/> to end, its <see langword="finally"/> blocks included.</item>
/// <item>When that time has passed, or at a second signal, the process ends as <see cref="Environment.Exit"/> ends it, with 128 + the signal's number and a
/// line on stderr. Work that runs is left behind, and logged as an error (event 21). A third signal does what it does to any process.</item>
/// <item>The exit code is main's own when it returns, also after a signal; 0 when it has none. It is 128 + the signal's number when main ended by the
/// cancellation (130, 143 and 131), and 1 when it failed, where every failure is written to stderr once. A cancellation that nobody had asked for is a
/// failure, <see cref="ChildCanceledException"/>.</item>
/// <item>Signals are left alone again afterwards.</item>
/// </list>
/// <para>On Windows, Ctrl+C, the shutdown of the system and Ctrl+Break stand for the three signals and give the same exit codes. The system itself may end a
/// process earlier than the grace period when it shuts down.</para>
/// <para>The methods may be called from any thread; only one run at a time can handle the signals of the process. Main is called on the caller's thread
/// and context, at once. The idea comes from Python's <c>asyncio.run</c>.</para>
/// </remarks>
public static class AsyncApp
{
    /// <summary>Runs a program and gives its exit code, which it returns itself.</summary>
    /// <remarks>The guarantees are those of <see cref="AsyncApp"/>.</remarks>
    /// <param name="main">The program. Its token is canceled by the first signal and by <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken">Cancels the program without a signal, for hosts and tests. Canceled already, it starts nothing: the returned task is
    /// canceled.</param>
    /// <returns>A task that ends with the program and holds the exit code.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="main"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="InvalidOperationException">Another run handles the signals of the process; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled, before any signal, and main
    /// ended with it; it carries that token.</exception>
    [OverloadResolutionPriority(3)]
    public static Task<int> RunAsync(Func<CancellationToken, ValueTask<int>> main, CancellationToken cancellationToken = default) =>
        RunAsync(AsyncAppOptions.Default, main, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{CancellationToken, ValueTask{int}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<int> RunAsync(Func<CancellationToken, Task<int>> main, CancellationToken cancellationToken = default) =>
        RunAsync(AsyncAppOptions.Default, main, cancellationToken);

    /// <summary>Runs a program and gives its exit code: 0 when it succeeds.</summary>
    /// <inheritdoc cref="RunAsync(Func{CancellationToken, ValueTask{int}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<int> RunAsync(Func<CancellationToken, ValueTask> main, CancellationToken cancellationToken = default) =>
        RunAsync(AsyncAppOptions.Default, main, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task<int> RunAsync(Func<CancellationToken, Task> main, CancellationToken cancellationToken = default) =>
        RunAsync(AsyncAppOptions.Default, main, cancellationToken);

    /// <param name="options">The settings of the run.</param>
    /// <param name="main">The program. Its token is canceled by the first signal and by <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken">Cancels the program without a signal, for hosts and tests. Canceled already, it starts nothing: the returned task is
    /// canceled.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="main"/> is <see langword="null"/>; thrown at once.</exception>
    /// <inheritdoc cref="RunAsync(Func{CancellationToken, ValueTask{int}}, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<int> RunAsync(AsyncAppOptions options, Func<CancellationToken, ValueTask<int>> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        return AppRun.RunAsync(options, new ValueTaskOperation<CancellationToken, int>(main), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(AsyncAppOptions, Func{CancellationToken, ValueTask{int}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<int> RunAsync(AsyncAppOptions options, Func<CancellationToken, Task<int>> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        return AppRun.RunAsync(options, new TaskOperation<CancellationToken, int>(main), cancellationToken);
    }

    /// <summary>Runs a program and gives its exit code: 0 when it succeeds.</summary>
    /// <inheritdoc cref="RunAsync(AsyncAppOptions, Func{CancellationToken, ValueTask{int}}, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task<int> RunAsync(AsyncAppOptions options, Func<CancellationToken, ValueTask> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        return AppRun.RunAsync(options, new ZeroOnSuccess<ValueTaskOperation<CancellationToken>>(new(main)), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(AsyncAppOptions, Func{CancellationToken, ValueTask}, CancellationToken)"/>
    public static Task<int> RunAsync(AsyncAppOptions options, Func<CancellationToken, Task> main, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(main);
        return AppRun.RunAsync(options, new ZeroOnSuccess<TaskOperation<CancellationToken>>(new(main)), cancellationToken);
    }
}
