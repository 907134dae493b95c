using System.Runtime.CompilerServices;
using Async.Toolkit.Groups;

namespace Async.Toolkit.Gathering;

/// <summary>
/// Results as a stream. An item has a place from the moment it is read until its result is taken; there are as many places as items may
/// be under way, so a consumer that stops taking soon stops the reading.
/// </summary>
internal sealed class StreamJoin<T>(int window, StreamOrder order) : Join<T>
{
    private const int SmallestRing = 4;

    // The room's task is set under it, because only a worker waits for that. The consumer's is not: its context is the user's, and may do anything in Post.
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Place[] _ring = new Place[SmallestRing];
    private long _read;
    private long _finished;
    private long _taken;
    private TaskCompletionSource? _room;
    private TaskCompletionSource<bool>? _consumer;
    private GroupOutcome? _outcome;
    private Exception[] _failures = [];

    // Weak: a stream does not keep what it gave away.
    private ConditionalWeakTable<object, object>? _returned;
    private bool _isLeft;

    public T Current { get; private set; } = default!;

    public override void Attach(ILiveGather run, GroupCore core, GatherOptions options)
    {
        base.Attach(run, core, options);
        _returned = options.DisposeDiscarded ? [] : null;
        core.Token.UnsafeRegister(static join => ((StreamJoin<T>)join!).WakeReader(), this);
    }

    public override Task? Room()
    {
        lock (_gate)
        {
            if (_read - _taken < window || Core.Token.IsCancellationRequested)
            {
                return null;
            }

            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    public override void Reserve(long index, int? knownCount)
    {
        lock (_gate)
        {
            _read = index + 1;
            if (_read - _taken > _ring.Length)
            {
                Grow();
            }
        }
    }

    public override void Succeeded(long index, T result)
    {
        TaskCompletionSource<bool>? answered = null;
        lock (_gate)
        {
            PlaceOf(order == StreamOrder.Source ? index : _finished++) = new Place(true, result);
            if (_consumer is not null && TryTake())
            {
                answered = _consumer;
                _consumer = null;
            }
        }

        answered?.SetResult(true);
    }

    /// <summary>The next result into <see cref="Current"/>, or the end of the stream.</summary>
    public ValueTask<bool> NextAsync()
    {
        lock (_gate)
        {
            if (_consumer is not null)
            {
                throw new InvalidOperationException("The stream is asked for its next result while it has not answered yet: one consumer, one call at a time.");
            }

            if (_isLeft || TryTake())
            {
                return new ValueTask<bool>(!_isLeft);
            }

            var next = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_outcome is not null)
            {
                // Nobody waits for it yet.
                Finish(next);
            }
            else
            {
                _consumer = next;
            }

            return new ValueTask<bool>(next.Task);
        }
    }

    /// <summary>Cancels what runs and waits for it. What the consumer has not seen of the failures is logged.</summary>
    public async Task LeaveAsync()
    {
        bool first;
        lock (_gate)
        {
            first = !_isLeft;
            _isLeft = true;
        }

        Core.StopRest();
        await _ended.Task.ConfigureAwait(false);
        if (first)
        {
            Log(_failures, "a stream that was left");
            if (Options.DisposeDiscarded)
            {
                Log(await Discarded.DisposeAsync(NotTaken(), _returned!.Select(pair => (T)pair.Key)).ConfigureAwait(false), "a discarded result");
            }
        }
    }

    /// <summary>Results go to the consumer, or are disposed when it leaves: the end of the group is too early for that.</summary>
    protected override IEnumerable<T> NotReturned(GroupOutcome outcome) => [];

    protected override IEnumerable<T> Returned(GroupOutcome outcome) => [];

    protected override void End(GroupOutcome outcome, IReadOnlyList<Exception> late)
    {
        Exception[] failures = outcome == GroupOutcome.Failed ? Core.FinalFailures() : [];
        Core.ReportEnd(outcome, failures);
        TaskCompletionSource<bool>? answered;
        lock (_gate)
        {
            _outcome = outcome;
            _failures = failures;
            answered = _consumer;
            _consumer = null;
        }

        if (answered is not null)
        {
            Finish(answered);
        }

        _ended.SetResult();
    }

    private void Finish(TaskCompletionSource<bool> consumer)
    {
        GroupOutcome outcome;
        Exception[] failures;
        bool isLeft;
        lock (_gate)
        {
            // Told once; who asks again after the end of the stream gets the end.
            (outcome, _outcome) = (_outcome!.Value, GroupOutcome.Result);

            // A loop sees what its step throws, and that is the first one: the others are for the log.
            (failures, _failures) = (_failures, [.. _failures.Skip(1)]);
            isLeft = _isLeft;
        }

        switch (outcome)
        {
            case GroupOutcome.Failed:
                consumer.SetException(failures);
                break;
            case GroupOutcome.CallerCanceled when !isLeft:
                consumer.SetCanceled(Core.CallerToken);
                break;
            default:
                consumer.SetResult(false);
                break;
        }
    }

    // Under the lock.
    private bool TryTake()
    {
        ref Place next = ref PlaceOf(_taken);
        if (!next.IsFinished || _isLeft)
        {
            return false;
        }

        Current = next.Result;
        next = default;
        _taken++;
        if (_returned is not null && Current is IDisposable or IAsyncDisposable)
        {
            _returned.TryAdd(Current, this);
        }

        _room?.TrySetResult();
        return true;
    }

    private List<T> NotTaken()
    {
        lock (_gate)
        {
            var results = new List<T>();
            foreach (Place place in _ring)
            {
                if (place.IsFinished)
                {
                    results.Add(place.Result);
                }
            }

            return results;
        }
    }

    private void WakeReader()
    {
        lock (_gate)
        {
            _room?.TrySetResult();
        }
    }

    private ref Place PlaceOf(long position) => ref _ring[position & (_ring.Length - 1)];

    private void Grow()
    {
        Place[] old = _ring;
        _ring = new Place[old.Length * 2];
        for (long position = _taken; position < _taken + old.Length; position++)
        {
            PlaceOf(position) = old[position & (old.Length - 1)];
        }
    }

    private readonly record struct Place(bool IsFinished, T Result);
}
