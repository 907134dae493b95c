using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>
/// What becomes of the items' outcomes: one implementation for each way of joining. Called by several workers at once, except where it says otherwise.
/// </summary>
internal abstract class Join<T> : IGroupEnd
{
    private volatile bool _undone;
    private ILiveGather? _run;

    /// <summary>An item was left undone, or the source before its end.</summary>
    protected bool IsUndone => _undone;

    protected GroupCore Core { get; private set; } = null!;

    protected GatherOptions Options { get; private set; } = null!;

    /// <summary>Called once by the run that it joins, before anything starts.</summary>
    public virtual void Attach(ILiveGather run, GroupCore core, GatherOptions options)
    {
        _run = run;
        Core = core;
        Options = options;
    }

    /// <summary>Waits until another item may be read; <see langword="null"/> where it may. Called by the reader alone.</summary>
    public virtual Task? Room() => null;

    /// <summary>An item was read. Called by the reader alone, in the order of the items.</summary>
    public virtual void Reserve(long index, int? knownCount)
    {
    }

    /// <summary>Nothing more will be read, but not because the source was canceled. Called by the reader alone, once at most.</summary>
    public virtual void SourceEnded(long count)
    {
    }

    /// <summary>The source threw, when it was opened, read or disposed.</summary>
    public virtual void SourceFailed(IReadOnlyList<Exception> failures) => Core.Fail(failures, "the source");

    public abstract void Succeeded(long index, T result);

    public virtual void Failed(long index, IReadOnlyList<Exception> failures) => Core.Fail(failures, $"item {index}");

    public virtual void Canceled(long index) => LeaveUndone();

    /// <summary>Every worker has left, and the source is disposed: the last moment at which the join can say that it failed.</summary>
    public virtual void Closing()
    {
    }

    public void LeaveUndone()
    {
        _undone = true;
        Core.MarkUnfinished();
    }

    public void Complete(GroupOutcome outcome, GroupCore group)
    {
        // A worker that was canceled before its start had no item: it leaves nothing undone, whatever the group thinks of a child that never ran.
        GroupOutcome trueOutcome = outcome == GroupOutcome.Failed || IsUndone ? outcome : GroupOutcome.Result;
        if (Options.DisposeDiscarded)
        {
            _ = DisposeAndEndAsync(trueOutcome);
        }
        else
        {
            End(trueOutcome, []);
        }
    }

    // The group may be looked at before the run is attached to it.
    public void Describe(LiveView view)
    {
        view.Kind = TaskTreeNodeKind.Gather;
        _run?.Describe(view);
    }

    public void DescribeItem(LiveView view, long item) => _run?.DescribeItem(view, item);

    /// <summary>Ends the call; <paramref name="late"/> are failures from after the end of the group.</summary>
    protected abstract void End(GroupOutcome outcome, IReadOnlyList<Exception> late);

    /// <summary>The results that the caller gets; only once nothing runs any more.</summary>
    protected abstract IEnumerable<T> Returned(GroupOutcome outcome);

    /// <summary>The results that nobody gets, possibly with some of those that the caller gets among them; only once nothing runs any more.</summary>
    protected abstract IEnumerable<T> NotReturned(GroupOutcome outcome);

    /// <summary>Reports failures that the caller will not see.</summary>
    protected void Log(IEnumerable<Exception> failures, string from)
    {
        foreach (Exception failure in failures)
        {
            Report.FailureUnseen(Options.EffectiveLogger, Options.Name, failure, from);
        }
    }

    private async Task DisposeAndEndAsync(GroupOutcome outcome)
    {
        List<Exception> thrown = await Discarded.DisposeAsync(NotReturned(outcome), Returned(outcome)).ConfigureAwait(false);

        // Nobody asks a disposal to cancel itself: what looks like a cancellation is a failure.
        End(outcome, CancellationRule.FailuresIn(thrown, asked: false, $"The disposal of a result of '{Options.Name}'"));
    }
}
