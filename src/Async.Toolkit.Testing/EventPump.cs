namespace Async.Toolkit.Testing;

/// <summary>Lets the events of a run happen on a worker of the pool, one after the other.</summary>
/// <remarks>
/// <see cref="PoolWatch"/> starts it with one event. What comes of that has often ended when the event has, or after a few more items of the pool; then the
/// pump sees so itself and goes on. The watch could do the same, but each event would cost two hand-overs between threads, many times more than
/// all the rest, and far more where processors are short.
/// </remarks>
internal sealed class EventPump(VirtualRun run) : IThreadPoolWorkItem
{
    // A look that fails mostly does so for another worker that was called, finds nothing, and is about to leave.
    private const int Spins = 10;
    private const int Looks = 50;

    private const int MostReturns = 3;

    private VirtualEvent? _first;
    private int _returns;

    /// <summary>Only when nothing can run: so the pump itself is neither queued nor running.</summary>
    public void Start(VirtualEvent first)
    {
        _first = first;
        _returns = 0;
        run.EnterFlow();
        Queue();
    }

    public void Execute()
    {
        // A timer that was created without a context must find none, whatever the callback before it has left on this thread.
        ExecutionContext clean = ExecutionContext.Capture()!;
        VirtualEvent? next = _first;
        _first = null;
        long realWorkEnded = 0;
        long flow = 0;
        while (next is not null || SeesIdle(out realWorkEnded, out flow))
        {
            if (next is null && run.TakeNext(realWorkEnded, flow, own: 1, out next) != NextStep.Event)
            {
                Leave();
                return;
            }

            next!.Happen(clean);
            next = null;
            _returns = 0;
        }

        // Behind the items that the event has left, but not for ever: they may take long, and the watch costs the pool nothing.
        if (PoolWatch.HasOneRun && !run.IsOver && _returns++ < MostReturns)
        {
            Queue();
        }
        else
        {
            Leave();
        }
    }

    private bool SeesIdle(out long realWorkEnded, out long flow)
    {
        realWorkEnded = 0;
        flow = 0;

        // With several runs, each would keep the others from seeing the pool idle for as long as it likes.
        for (int looks = 0; looks < Looks && PoolWatch.HasOneRun; looks++)
        {
            realWorkEnded = PoolWatch.RealWorkEnded;
            flow = run.FlowState;
            if (PoolWatch.IsIdle(own: 1))
            {
                return true;
            }

            if (ThreadPool.PendingWorkItemCount > 0)
            {
                // This worker may be the one that they are waiting for.
                return false;
            }

            if (looks < Spins)
            {
                Thread.SpinWait(4);
            }
            else
            {
                Thread.Yield();
            }
        }

        return false;
    }

    private void Leave()
    {
        run.LeaveFlow();
        PoolWatch.Ring();
    }

    private void Queue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
