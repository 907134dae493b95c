using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>
/// The task that stands for a whole group: what the caller awaits. Its continuations never run on the stack of whoever ends last.
/// </summary>
internal class GroupRun<T>() : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IGroupEnd
{
    /// <summary>What the body returned, kept until the last child has ended.</summary>
    protected T Result = default!;

    public void Complete(GroupOutcome outcome, GroupCore group)
    {
        Exception[] failures = outcome switch
        {
            GroupOutcome.Failed => group.FinalFailures(),
            GroupOutcome.TimedOut => [GroupCore.TimedOut(group.Options)],
            _ => [],
        };
        group.ReportEnd(outcome, failures);
        switch (outcome)
        {
            case GroupOutcome.Failed:
            case GroupOutcome.TimedOut:
                SetException(failures);
                break;
            case GroupOutcome.CallerCanceled:
                SetCanceled(group.CallerToken);
                break;
            case GroupOutcome.NoResult when typeof(T) != typeof(Unit):
                SetCanceled(group.Token);
                break;
            default:
                SetResult(Result);
                break;
        }
    }
}
