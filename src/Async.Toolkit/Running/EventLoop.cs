using System.Runtime.ExceptionServices;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Async.Toolkit.Running;

namespace Async.Toolkit;

/// <summary>
/// A loop that runs an asynchronous program on one thread: the caller's. For programs and tests that want the model of asyncio, in which code between two
/// <see langword="await"/>s is never disturbed.
/// </summary>
/// <remarks>
/// <para>What is guaranteed:</para>
/// <list type="bullet">
/// <item>Main, every continuation of it, every posted callback and every child of a group with <see cref="ChildContext.Caller"/> runs on the thread that
/// called <c>Run</c>, one at a time, first in first out. What code sends elsewhere itself (<see cref="Task.Run(Action)"/>,
/// <c>ConfigureAwait(false)</c>, a group without that option) runs there.</item>
/// <item>When main returns, work that is left over is canceled and awaited: the children of <see cref="Group"/>, <see langword="async void"/> methods and
/// posted callbacks. Then <c>Run</c> returns; nothing of the loop is left on the thread, and its <see cref="SynchronizationContext"/> and
/// <see cref="AsyncLocal{T}"/> values are what they were before.</item>
/// <item>The first failure, of main, of a child or of a posted callback, cancels the token of main, and <c>Run</c> throws that failure itself, with its
/// stack, when all has ended. Further failures are logged as one error (event 24), or written to the trace listeners where no logger is set. Cancellations
/// are told apart as <see cref="TaskGroup"/> does it.</item>
/// <item>A continuation that arrives after the end, of a task that nobody awaited, runs on the thread pool and is logged as a warning (event 22). What a
/// posted callback throws there is logged (event 23) and ends nothing.</item>
/// </list>
/// <para>Code on the loop must not block for something that the loop itself has to do, such as the result of a task: the loop cannot go on meanwhile.</para>
/// <para><see cref="Post(Action)"/> and the members of <see cref="Group"/> may be called from any thread. A process may run many loops at once, each on a
/// thread of its own. The idea comes from Python's <c>asyncio.run</c>.</para>
/// </remarks>
public sealed partial class EventLoop
{
    private static readonly SendOrPostCallback CallAction = static action => ((Action)action!)();

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly EventLoopOptions _options;
    private readonly LoopContext _context;
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private readonly List<Exception> _late = [];
    private TaskGroup? _root;

    private EventLoop(EventLoopOptions options)
    {
        _options = options;
        _context = new LoopContext(options);
    }

    /// <summary>The loop that runs on this thread.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public static EventLoop Current =>
        _current ?? throw new InvalidOperationException($"No event loop runs on this thread: {nameof(EventLoop)}.{nameof(Current)} is for code that {nameof(EventLoop)}.{nameof(Run)} runs.");

    /// <summary>The loop's name.</summary>
    public string Name => _options.Name;

    /// <summary>The root group: its children run on the loop; it is canceled when main returns, and main gets its token.</summary>
    /// <remarks>
    /// Work that may be cut off at the end belongs here. Work that has to be completed belongs into a group that main awaits, with
    /// <see cref="ChildContext.Caller"/> to keep it on the loop.
    /// </remarks>
    public TaskGroup Group => _root!;

    /// <summary>Runs a callback on the loop, after everything that has been posted before.</summary>
    /// <remarks>
    /// Never runs it at once, also not on the loop's own thread. <see cref="AsyncLocal{T}"/> values flow from this call into the callback. What it throws
    /// is a failure of the loop; an <see langword="async"/> lambda is awaited before the loop ends. After the end of the loop the callback runs on the
    /// thread pool, which is logged.
    /// </remarks>
    /// <param name="callback">What to run. One that posts itself again has to look at the token of main: the loop runs until nothing is posted any more.</param>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is <see langword="null"/>.</exception>
    public void Post(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _context.Post(new LoopTurn(CallAction, callback, ExecutionContext.Capture()));
    }

    /// <param name="callback">What to run.</param>
    /// <param name="state">Handed to the callback, so that its delegate needs no closure.</param>
    /// <inheritdoc cref="Post(Action)"/>
    public void Post(SendOrPostCallback callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _context.Post(new LoopTurn(callback, state, ExecutionContext.Capture()));
    }

    private static T Run<TMain, T>(EventLoopOptions options, TMain main, CancellationToken cancellationToken)
        where TMain : struct, IOperation<CancellationToken, T>
    {
        if (_current is { } outer)
        {
            throw new InvalidOperationException($"Event loop '{outer.Name}' already runs on this thread, and loops do not nest: await the work instead, or start a loop on a thread of its own.");
        }

        return new EventLoop(options).Run<TMain, T>(main, cancellationToken);
    }

    private T Run<TMain, T>(TMain main, CancellationToken cancellationToken)
        where TMain : struct, IOperation<CancellationToken, T>
    {
        Task<T> root;
        SynchronizationContext? previous = SynchronizationContext.Current;
        _current = this;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            root = BodyRun<MainOperation<TMain, T>, T>.Start(_options.RootGroup(), new(new Owner(this), main), cancellationToken);
            root.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_context.OnRootEnded);
            TakeTurns();
        }
        finally
        {
            _current = null;
            Tidy(previous);
        }

        return Outcome(root);
    }

    private void TakeTurns()
    {
        while (true)
        {
            Tidy(_context);
            try
            {
                if (!_context.TryTake(out LoopTurn turn))
                {
                    return;
                }

                if (turn.Flow is not null && _flow is not null)
                {
                    ExecutionContext.Restore(turn.Flow);
                }

                turn.Callback(turn.State);
            }
            catch (Exception thrown)
            {
                // Also an interruption of this thread: it ends the program like any failure, but not before its work has ended.
                _late.AddRange(_root?.Core.OnPostedCallbackFaulted(thrown) ?? [thrown]);
            }
        }
    }

    // What one turn left on the thread must not reach the next one, nor the caller of Run.
    private void Tidy(SynchronizationContext? context)
    {
        if (_flow is not null)
        {
            ExecutionContext.Restore(_flow);
        }

        if (SynchronizationContext.Current != context)
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private T Outcome<T>(Task<T> root)
    {
        // Turns that ran after the group's end may have failed too.
        var all = new FailureList();
        all.AddRange(root.Exception?.InnerExceptions ?? Enumerable.Empty<Exception>());
        all.AddRange(_late);
        Exception[] failures = all.ToArray();
        if (failures.Length == 0)
        {
            return root.GetAwaiter().GetResult();
        }

        if (failures.Length > 1)
        {
            Report.FurtherFailures(_options.EffectiveLogger, Name, new AggregateException(failures[1..]));
        }

        ExceptionDispatchInfo.Throw(failures[0]);
        return default!;
    }

    private sealed class Owner(EventLoop loop) : IMainOwner
    {
        public void OnStarting(TaskGroup root) => loop._root = root;

        // Before the group learns that its body has succeeded: what is left over is canceled, and main's result kept.
        public void OnReturned() => loop._root!.Cancel();
    }
}
