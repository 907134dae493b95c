using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>
/// One of the workers of a gather, a child of its group: reads an item, runs it, and so on until there is nothing left. It advances without a
/// state machine of its own for as long as nothing has to be waited for; the async part only waits.
/// </summary>
internal class Worker<TSource, T>(GatherRun<TSource, T> run) : IChildWork
{
    // Between two looks at the clock. Other work of the pool waits too, but a clock costs as much as a small item.
    private const int ItemsPerLook = 16;

    private GateTurn? _turn;
    private Phase _phase;

    // The item's task; while there is no item, the task that tells when there is room for one.
    private Task? _pending;
    private long _index = -1;
    private bool _endsAtOnce;

    // Items that were begun and not reported yet: fewer than between two looks.
    private byte _unreported;

    private enum Phase
    {
        WantsGate,
        Reads,
        Answered,
        ItemEnded,
    }

    private enum Wait
    {
        ForGate,
        ForRoom,
        ForSource,
        ForItem,
        ForOthers,
        Never,
    }

    public bool HasTask => false;

    public CancellationToken OwnToken => default;

    public string Label => Item is { } item ? IChildWork.NameOfItem(item)
        : _phase == Phase.WantsGate ? "a worker without an item"
        : _phase == Phase.Reads && _pending is not null ? "room for the next result"
        : "the source";

    public bool IsWorker => true;

    public bool IsIdle => _index < 0 && _phase == Phase.WantsGate;

    // Read once: whoever lists the items looks on while the worker goes from one to the next.
    public long? Item => Volatile.Read(ref _index) is >= 0 and var index ? index : null;

    public virtual LiveChild? Live => null;

    private GateTurn Turn => _turn ??= new GateTurn(run.Gate);

    public Task? Begin(CancellationToken groupToken)
    {
        run.Arrived();
        run.Context ??= ExecutionContext.Capture();
        Task work = WorkAsync();
        return work.IsCompletedSuccessfully ? null : work;
    }

    public void Succeed(Task? finished) => run.Leave();

    public void Fail(IReadOnlyList<Exception> failures) => run.Leave();

    public void Cancel(CancellationToken token) => run.Leave();

    /// <summary>Called when an item is about to run, on its thread and in its context.</summary>
    protected virtual void Enter(long index)
    {
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            Wait wait = Advance();
            ReportItems();
            switch (wait)
            {
                case Wait.ForGate:
                    await Turn.Enter();
                    _phase = Phase.Reads;
                    break;
                case Wait.ForRoom:
                    await _pending!.ConfigureAwait(false);
                    break;
                case Wait.ForSource:
                    try
                    {
                        run.Answer = new ValueTask<bool>(await run.Answer.ConfigureAwait(false));
                    }
                    catch (Exception thrown)
                    {
                        // Told on the pool, like an item: what follows may end the whole call.
                        run.Answer = new ValueTask<bool>(Task.FromException<bool>(thrown));
                    }

                    break;
                case Wait.ForItem:
                    await _pending!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
                case Wait.ForOthers:
                    await Turn.Hop();
                    break;
                default:
                    return;
            }
        }
    }

    private Wait Advance()
    {
        // Whoever completed what was waited for does not expect to run items: they belong on the pool.
        if (!Thread.CurrentThread.IsThreadPoolThread)
        {
            return Wait.ForOthers;
        }

        long began = Environment.TickCount64;
        for (int ended = 1; ; ended++)
        {
            if (_phase == Phase.ItemEnded)
            {
                SettlePending();
            }

            if (_phase == Phase.WantsGate)
            {
                ResetThread();
                if (!run.Gate.TryEnter(_endsAtOnce))
                {
                    return Wait.ForGate;
                }

                _phase = Phase.Reads;
            }

            if (_phase == Phase.Reads)
            {
                _pending = run.Room();
                if (_pending is not null)
                {
                    return Wait.ForRoom;
                }

                if (!run.MayRead)
                {
                    run.Gate.Exit();
                    return Wait.Never;
                }

                ValueTask<bool> answer;
                try
                {
                    answer = run.MoveNextAsync();
                }
                catch (Exception thrown)
                {
                    LeaveBroken(thrown);
                    return Wait.Never;
                }

                if (!answer.IsCompletedSuccessfully)
                {
#pragma warning disable CA2012 // Consumed once: by the wait.
                    run.Answer = answer;
#pragma warning restore CA2012
                    _phase = Phase.Answered;
                    return Wait.ForSource;
                }

                if (!RunItem(answer))
                {
                    return _pending is null ? Wait.Never : Wait.ForItem;
                }
            }
            else if (!RunItem(run.Answer))
            {
                return _pending is null ? Wait.Never : Wait.ForItem;
            }

            if (ended % ItemsPerLook == 0)
            {
                ReportItems();
                if (Environment.TickCount64 != began)
                {
                    return Wait.ForOthers;
                }
            }
        }
    }

    /// <summary>Takes the answer of the source and runs the item up to its first real wait. <see langword="false"/> when there is no item, or it is pending.</summary>
    private bool RunItem(ValueTask<bool> answer)
    {
        TSource item;
        try
        {
            if (!answer.Result)
            {
                run.OnSourceEnded();
                run.Gate.Exit();
                return false;
            }

            item = run.Take(out _index);
        }
        catch (Exception thrown)
        {
            LeaveBroken(thrown);
            return false;
        }

        run.Gate.Exit();
        ResetThread();
        run.SendSuccessor();
        Enter(_index);
        _phase = Phase.WantsGate;
        if (run.Core.IsCanceling)
        {
            // A slow source gave it after the cancellation: what has not begun does not begin any more.
            run.OnCanceled(_index, null);
            _index = -1;
            return true;
        }

        _unreported++;
        try
        {
            _pending = run.Operation.Begin(item, _index, run.Core.Token, out T result);
            if (_pending is null)
            {
                run.OnSucceeded(_index, result);
                _endsAtOnce = true;
            }
        }
        catch (Exception thrown)
        {
            _pending = null;
            run.OnThrew(_index, [thrown]);
        }

        if (_pending is null)
        {
            _index = -1;
            return true;
        }

        _phase = Phase.ItemEnded;
        _endsAtOnce = false;
        return _pending.IsCompleted;
    }

    private void SettlePending()
    {
        Task ended = _pending!;
        if (ended.IsCompletedSuccessfully)
        {
            run.OnSucceeded(_index, run.Operation.ResultOf(ended));
        }
        else if (ended.IsCanceled)
        {
            run.OnCanceled(_index, ended);
        }
        else
        {
            run.OnThrew(_index, Failures.Of(ended));
        }

        _pending = null;
        _index = -1;
        _phase = Phase.WantsGate;
    }

    private void ReportItems()
    {
        if (_unreported > 0)
        {
            run.Core.CountStartedItems(_unreported);
            _unreported = 0;
        }
    }

    private void LeaveBroken(Exception thrown)
    {
        run.OnSourceThrew(thrown);
        run.Gate.Exit();
    }

    /// <summary>What an item or the source left on the thread must not reach the next one.</summary>
    private void ResetThread()
    {
        if (run.Context is { } context)
        {
            ExecutionContext.Restore(context);
        }

        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }
}
