using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>The task that a call returns.</summary>
internal sealed class GatherEnd<T> : GroupRun<T>
{
    /// <summary>Ends the task; <paramref name="late"/> are failures from after the end of the group, which come last.</summary>
    public void Complete(GroupOutcome outcome, GroupCore group, T result, IReadOnlyList<Exception> late)
    {
        if (outcome == GroupOutcome.Result || late.Count == 0)
        {
            Result = result;
            Complete(outcome, group);
            return;
        }

        var all = new FailureList();
        all.AddRange(outcome == GroupOutcome.Failed ? group.FinalFailures() : []);
        all.AddRange(late);
        Exception[] failures = all.ToArray();
        group.ReportEnd(GroupOutcome.Failed, failures);
        SetException(failures);
    }
}
