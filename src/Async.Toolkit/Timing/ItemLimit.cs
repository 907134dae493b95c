using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Timing;

/// <summary>
/// The same limit over one operation after another, for a worker that runs them: as good as free for each.
/// </summary>
/// <remarks>
/// <para>A worker keeps one <see cref="ItemLimit"/> for its lifetime and does for each item: <see cref="Begin"/>, which gives the item's own token; call the
/// delegate; when its task has ended (whatever the outcome) <see cref="End"/>, and where that gives a task, await it before the item counts as ended;
/// then decide by the item's task, <see cref="TimeLimit.Reason"/> and <see cref="TimeLimit.CallbackFailures"/>, all of which stay until the next
/// <see cref="Begin"/>:</para>
/// <list type="bullet">
/// <item>success is kept, whatever the reason says;</item>
/// <item>a failure comes first, followed by <see cref="Exceeded"/> where the reason is <see cref="LimitReason.Deadline"/>;</item>
/// <item>a cancellation is <see cref="Exceeded"/> where the reason is <see cref="LimitReason.Deadline"/>, the outer token's cancellation where it is
/// <see cref="LimitReason.Caller"/> (<see cref="Deadline.IsExceeded"/> tells whether a nested limit has said so already), and one that nobody had asked
/// for where it is <see cref="LimitReason.None"/> and the outer token is not canceled.</item>
/// </list>
/// <para>An item costs its token source (48 bytes) and two short uncontended locks: the outer token is registered with once per worker, and the timer, which
/// is created by the first item, is left ticking from one item to the next. The outer token cancels the item that runs on the pool, as the limit does.
/// Not for several items at once. <see cref="Dispose"/> when the worker ends.</para>
/// </remarks>
internal sealed class ItemLimit : TimeLimit, IDisposable
{
    private readonly TimeSpan _limit;
    private readonly string _group;
    private TaskCompletionSource? _quiet;

    public ItemLimit(TimeProvider clock, TimeSpan limit, string group, CancellationToken outer)
        : base(clock)
    {
        _limit = limit;
        _group = group;
        Link(outer);
    }

    /// <summary>Begins an item: its time counts from now.</summary>
    public CancellationToken Begin()
    {
        CancellationToken token;
        lock (Gate)
        {
            token = Open();
        }

        if (Outer.IsCancellationRequested)
        {
            // The registration may have been called between two items, when there was nothing to cancel.
            StrikeAtOnce(LimitReason.Caller);
        }
        else
        {
            Set(Clock.GetTimestamp(), _limit);
        }

        return token;
    }

    /// <summary>The item's task has ended. Nearly always <see langword="null"/>; otherwise a task that ends with the callbacks of the strike under way.</summary>
    public new Task? End()
    {
        if (TryEnd())
        {
            return null;
        }

        // In place before the strike can find the item over.
        var quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _quiet = quiet;
        return base.End() ? null : quiet.Task;
    }

    /// <summary>The exception of an item that this limit has cut short.</summary>
    public TimeoutException Exceeded(string what) => Exceeded(what, _limit);

    public new void Dispose()
    {
        Unlink();
        base.Dispose();
    }

    protected override void OnStruck() => Report.CountStrike(DeadlineKind.Item, _group);

    protected override void OnQuiet() => _quiet!.SetResult();
}
