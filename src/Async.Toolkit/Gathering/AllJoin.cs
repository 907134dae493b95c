using Async.Toolkit.Groups;

namespace Async.Toolkit.Gathering;

/// <summary>Every result in source order; the first failure ends the call.</summary>
internal sealed class AllJoin<T> : Join<T>
{
    private readonly GatherEnd<T[]> _end = new();
    private readonly ResultStore<T> _results = new();

    public Task<T[]> Task => _end.Task;

    public override void Reserve(long index, int? knownCount) => _results.Reserve(index, knownCount);

    public override void Succeeded(long index, T result) => _results.Set(index, result);

    protected override void End(GroupOutcome outcome, IReadOnlyList<Exception> late) =>
        _end.Complete(outcome, Core, outcome == GroupOutcome.Result ? _results.ToArray() : [], late);

    protected override IEnumerable<T> Returned(GroupOutcome outcome) => [];

    protected override IEnumerable<T> NotReturned(GroupOutcome outcome) => outcome == GroupOutcome.Result ? [] : _results.ToArray();
}
