namespace Async.Toolkit.Soak;

/// <summary>What a run has done, over all its scenarios.</summary>
internal sealed class Counts
{
    public long Scenarios;
    public long Groups;
    public long Children;
    public long Gathers;
    public long Items;
    public long Limits;
    public long Permits;
    public long Pages;
    public long Failures;
    public long Cancellations;
    public long Timeouts;

    public override string ToString() =>
        $"{Scenarios:N0} scenarios: {Groups:N0} groups with {Children:N0} children, {Gathers:N0} gathers with {Items:N0} items, {Limits:N0} time limits, {Permits:N0} permits, {Pages:N0} pages; " +
        $"{Failures:N0} failures planted, {Cancellations:N0} calls canceled, {Timeouts:N0} timed out";
}
