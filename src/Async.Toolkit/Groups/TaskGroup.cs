using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

/// <summary>
/// A group of concurrent children that none of them outlives: the scope of structured concurrency.
/// </summary>
/// <remarks>
/// <para>What is guaranteed:</para>
/// <list type="bullet">
/// <item>The group ends only after its body, all of its children and the callbacks of its own cancellation have ended.</item>
/// <item>The first failure, of a child or of the body, cancels the group's token (see <see cref="FailurePolicy"/> for the other ways); when all has
/// ended, <see langword="await"/> throws that failure itself, and the task's <see cref="AggregateException.InnerExceptions"/> hold all failures in
/// order of occurrence, each object once, without the cancellations they caused. A child's failure never reaches
/// <see cref="TaskScheduler.UnobservedTaskException"/>.</item>
/// <item>A cancellation is told by who asked for it: the caller's token gives an <see cref="OperationCanceledException"/> with that token, the group's
/// <see cref="TaskGroupOptions.Timeout"/> a <see cref="TimeoutException"/>, <see cref="Cancel"/> a normal end. A failure beats a cancellation. A
/// cancellation that nobody had asked for is a failure, <see cref="ChildCanceledException"/>.</item>
/// <item>Work that finished is kept: if the body and every child succeeded all the same, the result is returned even though a cancellation struck
/// meanwhile.</item>
/// <item>Children are taken in the order of the calls that add them and run on the thread pool, without a <see cref="SynchronizationContext"/>, unless
/// <see cref="TaskGroupOptions.ChildContext"/> says otherwise. Several threads of the pool take them, so their first statements may overlap. <see cref="AsyncLocal{T}"/> values flow from that call into the child.</item>
/// <item>Finished children are released at once: a group that stays open for a year holds only what runs.</item>
/// </list>
/// <para>All members may be called from any thread at any time, also from inside children, and after the body has returned as long as anything
/// runs.</para>
/// <para>The idea comes from Nathaniel J. Smith's "Notes on structured concurrency" and from Python's <c>asyncio.TaskGroup</c>; .NET's own proposal is
/// dotnet/runtime#81874.</para>
/// </remarks>
public sealed partial class TaskGroup : IAsyncDisposable
{
    private readonly GroupRun<Unit>? _opened;
    private int _ownership;

    internal TaskGroup(GroupCore core) => Core = core;

    private TaskGroup(GroupCore core, GroupRun<Unit> opened)
        : this(core) => _opened = opened;

    private enum Ownership
    {
        Open,
        Joined,
        Disposed,
    }

    /// <summary>The group's name.</summary>
    public string Name => Core.Options.Name;

    /// <summary>The token that every child receives: canceled when the group is, for whatever reason.</summary>
    /// <remarks>It belongs to this group alone and stays valid after the end of the group.</remarks>
    public CancellationToken CancellationToken => Core.Token;

    /// <summary>Why the group's token was canceled: the first reason, which stays.</summary>
    public CancellationReason CancellationReason => Core.Reason;

    internal GroupCore Core { get; }

    /// <summary>Opens a group that lives longer than one call, such as in a field of a hosted service.</summary>
    /// <remarks>
    /// End it with <see cref="JoinAsync"/>, or with <see cref="DisposeAsync"/>, which cancels first. Its children run under the same guarantees as those
    /// of <c>RunAsync</c>. With a token that is canceled already, or a limit of zero, the group opens canceled and starts nothing.
    /// </remarks>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the group; <see cref="JoinAsync"/> then throws with this token.</param>
    /// <returns>The open group.</returns>
    public static TaskGroup Open(TaskGroupOptions? options = null, CancellationToken cancellationToken = default)
    {
        var end = new GroupRun<Unit>();
        var group = new TaskGroup(new GroupCore(options ?? TaskGroupOptions.Default, end, hasBody: false, cancellationToken), end);
        if (group.Core.Options.Timeout == TimeSpan.Zero)
        {
            group.Core.Cancel(GroupEvent.TimedOut);
        }

        return group;
    }

    /// <summary>Cancels the group: its token is canceled, waiting children never start, running ones are awaited as always.</summary>
    /// <remarks>
    /// <para>This is a normal end: <c>RunAsync</c> returns the body's result. A body that itself ended with this cancellation has none:
    /// <see cref="Task"/> completes, <see cref="Task{TResult}"/> is canceled with the group's token.</para>
    /// <para>The callbacks registered on the token run on this thread before the call returns, as those of
    /// <see cref="CancellationTokenSource.Cancel()"/> do; what they throw is a failure of the group and is not thrown here. Without effect on a group
    /// that is canceled already or has ended.</para>
    /// </remarks>
    public void Cancel() => Core.Cancel(GroupEvent.CancelRequested);

    /// <summary>Waits until every child of an opened group has ended, those added meanwhile included.</summary>
    /// <remarks>
    /// Every call returns the same task. A child must not await it: it would wait for itself. The task's continuations run on the thread pool, never
    /// on the last child's stack.
    /// </remarks>
    /// <returns>A task that ends with the group, with the outcome that the class describes.</returns>
    /// <exception cref="InvalidOperationException">The group was not created by <see cref="Open"/>: <c>RunAsync</c> joins its group itself.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed without having been joined.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: the token given to <see cref="Open"/> was canceled and left work undone.</exception>
    /// <exception cref="TimeoutException">On <see langword="await"/>: the <see cref="TaskGroupOptions.Timeout"/> passed and left work undone.</exception>
    public Task JoinAsync()
    {
        GroupRun<Unit> end = _opened ?? throw JoinsItself();
        var before = (Ownership)Interlocked.CompareExchange(ref _ownership, (int)Ownership.Joined, (int)Ownership.Open);
        switch (before)
        {
            case Ownership.Disposed:
                throw new ObjectDisposedException($"Task group '{Name}'", "The group was disposed without having been joined.");
            case Ownership.Open:
                Core.OnBodySucceeded();
                break;
        }

        return end.Task;
    }

    /// <summary>Ends an opened group: without a join it is canceled first. Returns when nothing of it runs any more.</summary>
    /// <remarks>
    /// It never throws a child's failure, since an exception may be under way already that must not be replaced. Failures that nobody has joined for
    /// are logged as one error (event 4), or written to the trace listeners where no logger is set. May be called more than once. A child must not await it: it would wait for itself.
    /// </remarks>
    /// <returns>A task that ends with the group.</returns>
    /// <exception cref="InvalidOperationException">The group was not created by <see cref="Open"/>: <c>RunAsync</c> ends its group itself.</exception>
    public async ValueTask DisposeAsync()
    {
        GroupRun<Unit> end = _opened ?? throw JoinsItself();
        var before = (Ownership)Interlocked.CompareExchange(ref _ownership, (int)Ownership.Disposed, (int)Ownership.Open);
        if (before == Ownership.Open)
        {
            Core.Cancel(GroupEvent.Disposed);
            Core.OnBodySucceeded();
        }

        // A continuation and not an await: after a join the failures are its caller's to observe, not ours to mark as seen.
        await end.Task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        if (before == Ownership.Open && end.Task.Exception is { } failures)
        {
            Report.FailuresSwallowed(Core.Options.EffectiveLogger, Name, failures);
        }
    }

    private InvalidOperationException JoinsItself() =>
        new($"Task group '{Name}' is joined by {nameof(RunAsync)} itself; {nameof(JoinAsync)} and {nameof(DisposeAsync)} are for groups created by {nameof(Open)}.");
}
