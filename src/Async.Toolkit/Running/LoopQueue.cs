using System.Diagnostics;

namespace Async.Toolkit.Running;

/// <summary>One callback that waits for its turn.</summary>
/// <param name="Callback">What is called.</param>
/// <param name="State">What it is called with.</param>
/// <param name="Flow">The context of the call that posted it, for callbacks that do not bring their own.</param>
internal readonly record struct LoopTurn(SendOrPostCallback Callback, object? State, ExecutionContext? Flow);

/// <summary>
/// The queue of a loop: many threads add, the loop's thread takes, first in first out. Two arrays change places whenever the taker has used one
/// up, so that a turn costs the taker no lock and nobody any memory.
/// </summary>
internal sealed class LoopQueue
{
    private const int FirstCapacity = 32;

    // Long enough to catch an answer that another core is about to post, too short to be seen in a profile.
    private const int SpinsBeforeWait = 60;

    // Not a Lock: the taker waits on it.
    private readonly object _gate = new();

    // Under the lock.
    private LoopTurn[] _added = new LoopTurn[FirstCapacity];
    private volatile int _addedCount;
    private int _holds = 1;
    private bool _takerWaits;
    private bool _closed;

    // The taker's own.
    private LoopTurn[] _taken = new LoopTurn[FirstCapacity];
    private int _takenCount;
    private int _next;

    /// <summary>For the taker's thread, which alone closes it.</summary>
    public bool IsClosed => _closed;

    /// <summary>Adds a turn; <see langword="false"/> once the queue is closed, for ever.</summary>
    public bool TryAdd(LoopTurn turn)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            int count = _addedCount;
            if (count == _added.Length)
            {
                Array.Resize(ref _added, count * 2);
            }

            _added[count] = turn;
            _addedCount = count + 1;
            WakeTaker();
            return true;
        }
    }

    /// <summary>Something outside of the queue will add turns: it stays open until as many calls of <see cref="Release"/>. It starts with one hold.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _holds++;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            if (--_holds == 0)
            {
                WakeTaker();
            }
        }
    }

    /// <summary>
    /// Takes the oldest turn, waiting for one if need be. Without turns and holds there will be none: the queue closes, in the same step in which it is
    /// found empty, and the answer is <see langword="false"/>.
    /// </summary>
    public bool TryTake(out LoopTurn turn)
    {
        if (_next == _takenCount && !TryTakeAll())
        {
            turn = default;
            return false;
        }

        ref LoopTurn slot = ref _taken[_next++];
        turn = slot;

        // The array lives as long as the loop; what was called must not.
        slot = default;
        return true;
    }

    private bool TryTakeAll()
    {
        var spinner = default(SpinWait);
        while (_addedCount == 0 && spinner.Count < SpinsBeforeWait)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        lock (_gate)
        {
            while (_addedCount == 0)
            {
                if (_holds == 0)
                {
                    _closed = true;
                    return false;
                }

                _takerWaits = true;
                try
                {
                    Monitor.Wait(_gate);
                }
                finally
                {
                    _takerWaits = false;
                }
            }

            Debug.Assert(_next == _takenCount, "The arrays change places only when one is used up.");
            (_added, _taken) = (_taken, _added);
            _takenCount = _addedCount;
            _addedCount = 0;
            _next = 0;
            return true;
        }
    }

    // Under the lock.
    private void WakeTaker()
    {
        if (_takerWaits)
        {
            Monitor.Pulse(_gate);
        }
    }
}
