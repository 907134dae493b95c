using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Groups;

// What a group and its children are counted as. Whoever does not listen costs a branch.
internal sealed partial class GroupCore
{
    // So many waiters are each measured, and of a larger crowd one in so many: it would cost more than the child to measure them all.
    private const int WaitersPerMeasurement = 16;

    private int _waits;

    /// <summary>Its children are workers, which run the items of a gather: those are counted themselves.</summary>
    public bool RunsWorkers { get; init; }

    public override string GroupName => Options.Name;

    public override int ActiveChildren => State.Running;

    public override long CalledChildren => RunsWorkers ? 0 : _roster?.Called ?? 0;

    /// <summary>Items are about to be called: of those that one worker does, several are told together.</summary>
    public void CountStartedItems(int items)
    {
        if (Report.IsCountingStarted)
        {
            Options.Counts.AddStarted(items);
        }
    }

    /// <summary>The caller learns of the end next.</summary>
    public void ReportEnd(GroupOutcome outcome, IReadOnlyList<Exception> failures)
    {
        var ending = new GroupEnding(outcome, Reason, failures);
        ending = Options.TrueEnding?.Invoke(ending) ?? ending;
        Report.GroupEnded(Id, ending.Word);
        Watch?.End(ending, _firstToFail);
    }

    private void CountFailed(Exception failure)
    {
        if (!RunsWorkers)
        {
            Report.CountFailed(Options.Name, failure);
        }
    }

    private void CountCanceled()
    {
        if (!RunsWorkers)
        {
            Report.CountCanceled(Options.Name);
        }
    }

    // Asked without the lock: a count that goes astray in a race moves the sample by one.
    private bool MeasuresWait() =>
        Report.IsTimingWaits && (State.Waiting < WaitersPerMeasurement || _waits++ % WaitersPerMeasurement == 0);

    private void LeaveRegistry()
    {
        if (Report.IsCountingStarted)
        {
            Options.Counts.Leave(this);
        }
        else
        {
            LiveRegistry.Leave(this);
        }
    }
}
