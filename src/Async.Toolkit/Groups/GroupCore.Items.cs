namespace Async.Toolkit.Groups;

// What the items of a gather report: many of them pass through one child, and they follow the rules of children without a node of their own.
internal sealed partial class GroupCore
{
    /// <summary>What of <paramref name="thrown"/> is a failure; empty where all of it were cancellations that had been asked for.</summary>
    public List<Exception> FailuresIn(IReadOnlyList<Exception> thrown, string what, CancellationToken ownToken = default) =>
        WithoutCancellation(thrown, what, ownToken);

    /// <summary>Records failures that end the call.</summary>
    public void Fail(IReadOnlyList<Exception> failures, string from) => CarryOut(RecordFailure(failures, from));

    /// <summary>The part of <see cref="Fail"/> that runs nothing of the user's; <see cref="CarryOut"/> must follow, outside of any lock.</summary>
    public GroupAnswer RecordFailure(IReadOnlyList<Exception> failures, string from) => Record(failures, GroupEvent.OwnerFailed, from);

    /// <summary>Notes that an item was canceled, or that the source was left before its end: there is no complete result to keep.</summary>
    public void MarkUnfinished() => Step(GroupEvent.ChildCanceled);

    /// <summary>Cancels what still runs because its results are not wanted any more. The callbacks run on the pool.</summary>
    public void StopRest() => CarryOut(Step(GroupEvent.CancelRequested));
}
