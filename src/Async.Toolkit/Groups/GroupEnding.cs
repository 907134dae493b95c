using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Groups;

/// <summary>How a group ended, as those are told who listen.</summary>
/// <param name="Outcome">What its caller gets.</param>
/// <param name="Reason">Why it was canceled, if it was.</param>
/// <param name="Failures">All failures that the caller gets; empty where he gets none.</param>
internal readonly record struct GroupEnding(GroupOutcome Outcome, CancellationReason Reason, IReadOnlyList<Exception> Failures)
{
    public string Word => Outcome switch
    {
        GroupOutcome.Result => Outcomes.Succeeded,
        GroupOutcome.Failed => Outcomes.Failed,
        GroupOutcome.TimedOut => Outcomes.TimedOut,
        _ => Outcomes.Canceled,
    };
}
