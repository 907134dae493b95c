using Async.Toolkit.Groups;

namespace Async.Toolkit.Gathering;

/// <summary>The outcome of every item in source order; no item ends the call.</summary>
internal sealed class SettledJoin<T> : Join<T>
{
    private readonly GatherEnd<Settled<T>[]> _end = new();
    private readonly ResultStore<Settled<T>> _outcomes = new();

    public Task<Settled<T>[]> Task => _end.Task;

    public override void Reserve(long index, int? knownCount) => _outcomes.Reserve(index, knownCount);

    public override void Succeeded(long index, T result) => _outcomes.Set(index, Settled<T>.Success(result));

    public override void Failed(long index, IReadOnlyList<Exception> failures) => _outcomes.Set(index, Settled<T>.Failure(failures));

    // Not undone: "canceled" is an outcome too.
    public override void Canceled(long index) => _outcomes.Set(index, Settled<T>.Canceled());

    protected override void End(GroupOutcome outcome, IReadOnlyList<Exception> late)
    {
        Settled<T>[] outcomes = _outcomes.ToArray();
        if (outcome != GroupOutcome.Result)
        {
            for (int index = 0; index < outcomes.Length; index++)
            {
                Log(outcomes[index].Exceptions, $"item {index}");
            }
        }

        _end.Complete(outcome, Core, outcomes, late);
    }

    protected override IEnumerable<T> Returned(GroupOutcome outcome) => [];

    protected override IEnumerable<T> NotReturned(GroupOutcome outcome) =>
        outcome == GroupOutcome.Result ? [] : _outcomes.ToArray().Where(settled => settled.IsSuccess).Select(settled => settled.Value);
}
