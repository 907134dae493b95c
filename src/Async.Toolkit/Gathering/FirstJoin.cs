using System.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>
/// The first successes. A failure is only one attempt less, until the successes can no longer be reached: from then on the failures are
/// those of the call. Once they are reached, nothing can take them away again.
/// </summary>
internal sealed class FirstJoin<T, TResult>(int count, Func<List<T>, TResult> pick) : Join<T>
{
    private readonly Lock _gate = new();
    private readonly GatherEnd<TResult> _end = new();
    private readonly List<T> _successes = [];
    private readonly List<T> _late = [];
    private readonly List<(Exception Failure, string From)> _attempts = [];
    private long _failed;
    private long? _total;
    private Stage _stage;

    private enum Stage
    {
        Open,
        Reached,
        OutOfReach,
    }

    public Task<TResult> Task => _end.Task;

    public override void Reserve(long index, int? knownCount)
    {
        if (index == 0)
        {
            lock (_gate)
            {
                _total = knownCount;
            }
        }
    }

    public override void Succeeded(long index, T result)
    {
        lock (_gate)
        {
            if (_stage != Stage.Open)
            {
                _late.Add(result);
                return;
            }

            _successes.Add(result);
            if (_successes.Count < count)
            {
                return;
            }

            _stage = Stage.Reached;
        }

        Core.StopRest();
    }

    public override void Failed(long index, IReadOnlyList<Exception> failures) => Note(failures, $"item {index}", items: 1);

    public override void SourceFailed(IReadOnlyList<Exception> failures) => Note(failures, "the source", items: 0);

    public override void SourceEnded(long total)
    {
        GroupAnswer answer;
        lock (_gate)
        {
            _total = total;
            answer = GiveUpIfOutOfReach();
        }

        Core.CarryOut(answer);
    }

    public override void Closing()
    {
        var answer = GroupAnswer.None;
        lock (_gate)
        {
            if (_stage != Stage.Open)
            {
                return;
            }

            // Canceled half-way: what failed before is told, because a failure beats a cancellation.
            _stage = Stage.OutOfReach;
            LeaveUndone();
            if (_attempts.Count > 0)
            {
                answer = FailWithAttempts();
            }
        }

        Core.CarryOut(answer);
    }

    protected override void End(GroupOutcome outcome, IReadOnlyList<Exception> late)
    {
        Debug.Assert(_stage != Stage.Open, "Closed before the end.");
        if (_stage == Stage.OutOfReach)
        {
            _end.Complete(outcome, Core, default!, late);
            return;
        }

        foreach ((Exception failure, string from) in _attempts)
        {
            Log([failure], from);
        }

        Log(outcome == GroupOutcome.Failed ? Core.FinalFailures() : [], "the call");
        Log(late, "a discarded result");
        _end.Complete(GroupOutcome.Result, Core, pick(_successes), []);
    }

    protected override IEnumerable<T> Returned(GroupOutcome outcome) => _stage == Stage.Reached ? _successes : [];

    protected override IEnumerable<T> NotReturned(GroupOutcome outcome) => _stage == Stage.Reached ? _late : _successes.Concat(_late);

    private void Note(IReadOnlyList<Exception> failures, string from, int items)
    {
        GroupAnswer answer;
        lock (_gate)
        {
            if (_stage == Stage.OutOfReach)
            {
                answer = Core.RecordFailure(failures, from);
            }
            else
            {
                _attempts.AddRange(failures.Select(failure => (failure, from)));
                _failed += items;
                answer = GiveUpIfOutOfReach();
            }
        }

        Core.CarryOut(answer);
    }

    // Under the lock. What it answers is carried out without: that asks the user's clock and logger.
    private GroupAnswer GiveUpIfOutOfReach()
    {
        if (_stage != Stage.Open || _total is not { } total || total - _failed >= count)
        {
            return GroupAnswer.None;
        }

        _stage = Stage.OutOfReach;
        return _attempts.Count == 0 ? Core.RecordFailure([TooFew(total)], "the source") : FailWithAttempts();
    }

    // Under the lock, which keeps them before the failures that are still to come.
    private GroupAnswer FailWithAttempts() => Core.RecordFailure([.. _attempts.Select(attempt => attempt.Failure)], _attempts[0].From);

    private InvalidOperationException TooFew(long total) =>
        new(total == 0
            ? $"The source of '{Options.Name}' is empty: there is no success."
            : $"The source of '{Options.Name}' gave {total} items, which is too few for {count} successes.");
}
