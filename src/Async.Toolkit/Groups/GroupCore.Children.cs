using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Groups;

// The children's way through a group: added, waiting, taken by a worker, running, ended.
internal sealed partial class GroupCore : IThreadPoolWorkItem
{
    // A worker hands its thread back after that many starts, or when the clock has ticked: other work of the pool waits too.
    private const int StartsPerTurn = 32;

    private ChildRoster? _roster;
    private ChildQueue? _ready;
    private readonly SynchronizationContext? _context;
    private ChildOrigin? _lastOrigin;

    // Children over the limit. Its lock makes a step and the queue's change one: who is told to start the next child finds it here.
    private readonly Queue<WaitingChild>? _waiting;

    // One while somebody is on the way who will take the next ready child. Who adds one while nobody is must send one.
    private int _starterIsDue;

    /// <summary>Accepts a child, cancels it when the group is cancelling, or throws when the group has ended.</summary>
    public void Add(object work, CallerSite site)
    {
        if (Options.TraceChildren && Spans.AreOn)
        {
            work = new TracedWork(work, site, Options);
        }

        var child = new WaitingChild(work, OriginOf(Watch is null ? ExecutionContext.Capture() : Watch.ContextForChild(), site));
        switch (_waiting is null ? Step(GroupEvent.Add) : AddOrWait(_waiting, child))
        {
            case GroupAnswer.Start:
                Start(child);
                break;
            case GroupAnswer.Refused:
                TurnAway(work);
                break;
            case GroupAnswer.TooLate:
                TurnAway(work);
                throw new InvalidOperationException($"Task group '{Options.Name}' has ended and runs no further children.");
        }
    }

    /// <summary>Ends a child that succeeded; <paramref name="finished"/> is its task, if it has not ended at once.</summary>
    public void OnSucceeded(Child child, Task? finished)
    {
        child.Work?.Succeed(finished);
        Finish(child, Outcomes.Succeeded);
    }

    /// <summary>Ends a child that was canceled: <paramref name="finished"/> is its task, if it has run at all.</summary>
    public void OnCanceled(Child child, Task? finished)
    {
        if (!IsCancellationAsked() && child.Work?.OwnToken.IsCancellationRequested != true)
        {
            OnFaulted(child, Failures.Of(finished!));
            return;
        }

        EndCanceled(child);
    }

    /// <summary>Ends a child that threw: with its failures, or canceled where all it threw were cancellations that had been asked for.</summary>
    public void OnFaulted(Child child, IReadOnlyList<Exception> thrown)
    {
        List<Exception> failures = WithoutCancellation(thrown, child.Site.Name, child.Work?.OwnToken ?? default);
        if (failures.Count == 0)
        {
            EndCanceled(child);
            return;
        }

        // Recorded before anybody can see it: a body that rethrows it must come second.
        if (Options.FailurePolicy == FailurePolicy.Isolate)
        {
            Isolate(child, failures);
        }
        else
        {
            CarryOut(Record(failures, GroupEvent.ChildFailed, child.Site.Place));
            RecordHandlerFailure(CallChildFailed(child, failures));
        }

        CountFailed(failures[0]);
        child.Work?.Fail(failures);
        Finish(child, Outcomes.Failed);
    }

    /// <summary>One turn of a worker on the pool: start waiting children one after another, each on this thread up to its first real wait.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        // Before the first look into the queue: who adds a child after that look must see that nobody is on the way.
        Interlocked.Exchange(ref _starterIsDue, 0);
        long tick = Environment.TickCount64;
        int starts = 0;
        while (_ready!.TryDequeue(out WaitingChild ready, out bool more))
        {
            // Before the child runs, because it may block this thread: a successor must be on its way by then.
            if (more)
            {
                SendStarter();
            }

            _roster!.Rent(ready, isCalled: !IsCanceling).Run();

            // What a child's own code left on the thread must not reach the next one.
            if (SynchronizationContext.Current is not null)
            {
                SynchronizationContext.SetSynchronizationContext(null);
            }

            if (++starts == StartsPerTurn || Environment.TickCount64 != tick)
            {
                // Whatever is left: a successor was sent when it was seen, or is sent by whoever added it since.
                return;
            }
        }
    }

    private void Start(in WaitingChild child)
    {
        if (_ready is null)
        {
            // Only now: an empty group pays for neither. The roster first: who sees the queue needs it.
            Interlocked.CompareExchange(ref _roster, new ChildRoster(), null);
            Interlocked.CompareExchange(ref _ready, new ChildQueue(), null);
        }

        _ready.Enqueue(child);

        // Orders the enqueue before the look at the flag, against a worker that clears it and then looks into the queue.
        Interlocked.MemoryBarrier();
        SendStarter();
    }

    private void SendStarter()
    {
        if (Volatile.Read(ref _starterIsDue) != 0 || Interlocked.Exchange(ref _starterIsDue, 1) != 0)
        {
            return;
        }

        if (_context is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            PostReady(_context);
        }
    }

    // A race costs at most one object more: origins are immutable.
    private ChildOrigin OriginOf(ExecutionContext? context, in CallerSite site) =>
        _lastOrigin is { } last && last.Is(context, site) ? last : _lastOrigin = new ChildOrigin(this, context, site);

    private GroupAnswer AddOrWait(Queue<WaitingChild> waiting, in WaitingChild child)
    {
        // Not under the lock: the clock is the user's.
        long? now = MeasuresWait() ? Report.Timestamp(Options.TimeProvider) : null;
        lock (waiting)
        {
            GroupAnswer answer = Step(GroupEvent.Add);
            if (answer == GroupAnswer.Wait)
            {
                waiting.Enqueue(now is { } since ? child with { Work = new LimitWait(child.Work, since, Options) } : child);
            }

            return answer;
        }
    }

    private void EndCanceled(Child child)
    {
        Step(GroupEvent.ChildCanceled);
        CountCanceled();
        child.Work?.Cancel(Token);
        Finish(child, Outcomes.Canceled);
    }

    private void Finish(Child child, string outcome)
    {
        if (child.IsFollowed)
        {
            Report.ChildEnded(Id, child.Live!, outcome);
        }

        _roster!.Return(child);
        if (_waiting is null)
        {
            GroupAnswer ended = Step(GroupEvent.ChildEnded);
            ForgetOriginIfIdle();
            CarryOut(ended);
            return;
        }

        GroupAnswer answer;
        WaitingChild next = default;
        lock (_waiting)
        {
            answer = Step(GroupEvent.ChildEnded);
            if (answer == GroupAnswer.Start)
            {
                next = _waiting.Dequeue();
            }
        }

        if (answer == GroupAnswer.Start)
        {
            Start(LimitWait.End(next));
        }
        else
        {
            ForgetOriginIfIdle();
            CarryOut(answer);
        }
    }

    // An idle group keeps nobody's context alive.
    private void ForgetOriginIfIdle()
    {
        if (State.Running == 0)
        {
            _lastOrigin = null;
        }
    }

    // One poster at a time: posts keep the order of the calls, and a context that posts inline does not nest.
    private void PostReady(SynchronizationContext context)
    {
        do
        {
            while (_ready!.TryDequeue(out WaitingChild ready, out _))
            {
                var posted = new PostedChild(_roster!.Rent(ready, isCalled: false));
                try
                {
                    context.Post(static posted => ((PostedChild)posted!).Take()?.RunPosted(), posted);
                }
                catch (Exception thrown)
                {
                    OnPostThrew(posted, thrown);
                }
            }

            // Somebody may have added a child after the last look and seen that a poster is at work.
            Interlocked.Exchange(ref _starterIsDue, 0);
        }
        while (!_ready!.IsEmpty && Interlocked.Exchange(ref _starterIsDue, 1) == 0);
    }

    /// <summary>The turn of a posted child has come, which may have been canceled since it was posted.</summary>
    public void CountPosted()
    {
        if (!IsCanceling)
        {
            _roster!.CountCall();
        }
    }

    private void OnPostThrew(PostedChild posted, Exception thrown)
    {
        if (posted.Take() is { } child)
        {
            // It ends here, and whoever hears of that must know whose end it is.
            child.TellBeginning();
            OnFaulted(child, [thrown]);
            return;
        }

        // The child has run all the same, and may even have been the last of the group.
        GroupAnswer answer = Record([thrown], GroupEvent.OwnerFailed, "the caller's context");
        if (answer == GroupAnswer.TooLate)
        {
            Report.FailuresSwallowed(Options.EffectiveLogger, Options.Name, thrown);
        }
        else
        {
            CarryOut(answer);
        }
    }

    // A child that was not accepted.
    private void TurnAway(object work)
    {
        ForgetOriginIfIdle();
        CountCanceled();
        (work as IChildWork)?.Cancel(Token);
    }

    private void DropWaiting()
    {
        WaitingChild[] dropped;
        if (_waiting is null)
        {
            return;
        }

        lock (_waiting)
        {
            dropped = [.. _waiting];
            _waiting.Clear();
        }

        foreach (WaitingChild waited in dropped)
        {
            object work = LimitWait.End(waited).Work;
            CountCanceled();
            (work as IChildWork)?.Cancel(Token);
        }
    }
}
