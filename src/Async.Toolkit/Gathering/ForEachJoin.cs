using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>No results; the first failure ends the call.</summary>
internal sealed class ForEachJoin : Join<Unit>
{
    private readonly GatherEnd<Unit> _end = new();

    public Task Task => _end.Task;

    public override void Succeeded(long index, Unit result)
    {
    }

    protected override void End(GroupOutcome outcome, IReadOnlyList<Exception> late) => _end.Complete(outcome, Core, default, late);

    protected override IEnumerable<Unit> Returned(GroupOutcome outcome) => [];

    protected override IEnumerable<Unit> NotReturned(GroupOutcome outcome) => [];
}
