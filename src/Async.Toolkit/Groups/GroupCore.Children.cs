using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Groups;

// The children's way through a group: added, waiting, taken by a worker, running, ended.
internal sealed partial class GroupCore : IThreadPoolWorkItem
{
    // A worker hands its thread back after that many starts, or when the clock has ticked: other work of the pool waits too.
    private const int StartsPerTurn = 32;

    // Finished nodes kept for reuse: enough for a steady stream, little enough for a group that stays open for a year.
    private const int MostFreeNodes = 256;

    private readonly ChildQueue _waiting = new();
    private readonly SynchronizationContext? _context;
    private Child? _running;
    private Child? _free;
    private int _freeCount;

    // Somebody is on the way who will take the next waiting child. Whoever makes a start possible while nobody is must send one.
    private bool _starterIsDue;

    /// <summary>Accepts a child, cancels it when the group is cancelling, or throws when the group has ended.</summary>
    public void Add(object work, CallerSite site)
    {
        var child = new WaitingChild(work, ExecutionContext.Capture(), site);
        GroupAnswer answer;
        lock (_gate)
        {
            answer = GroupMachine.Step(ref _state, GroupEvent.Add, _rules);
            if ((answer & GroupAnswer.Yes) != 0)
            {
                _waiting.Enqueue(child);
                answer = ClaimStarter(answer);
            }
        }

        if ((answer & GroupAnswer.TooLate) != 0)
        {
            throw new InvalidOperationException($"Task group '{Options.Name}' has ended and runs no further children.");
        }

        if ((answer & GroupAnswer.Refused) != 0)
        {
            (work as IChildWork)?.Cancel(Token);
        }

        if ((answer & GroupAnswer.MayStart) != 0)
        {
            SendStarter();
        }
    }

    /// <summary>Ends a child that succeeded; <paramref name="finished"/> is its task, if it has not ended at once.</summary>
    public void OnSucceeded(Child child, Task? finished)
    {
        child.Work?.Succeed(finished);
        Finish(child);
    }

    /// <summary>Ends a child that was canceled: <paramref name="finished"/> is its task, if it has run at all.</summary>
    public void OnCanceled(Child child, Task? finished)
    {
        if (!IsCancellationAsked() && child.Work?.OwnToken.IsCancellationRequested != true)
        {
            OnFaulted(child, Failures.Of(finished!));
            return;
        }

        Step(GroupEvent.ChildCanceled);
        child.Work?.Cancel(Token);
        Finish(child);
    }

    /// <summary>Ends a child that threw: with its failures, or canceled where all it threw were cancellations that had been asked for.</summary>
    public void OnFaulted(Child child, IReadOnlyList<Exception> thrown)
    {
        List<Exception> failures = WithoutCancellation(thrown, child.Site.Name, child.Work?.OwnToken ?? default);
        if (failures.Count == 0)
        {
            Step(GroupEvent.ChildCanceled);
            child.Work?.Cancel(Token);
            Finish(child);
            return;
        }

        // Recorded before anybody can see it: a body that rethrows it must come second.
        bool isolated = Options.FailurePolicy == FailurePolicy.Isolate;
        if (isolated && IsSeenElsewhere(child))
        {
            Step(GroupEvent.ChildFailed);
            Report.ChildFailed(Options.Logger, Options.Name, failures[0], child.Site);
        }
        else
        {
            CarryOut(Record(failures, isolated ? GroupEvent.FailureNoted : GroupEvent.ChildFailed, child.Site.Name));
        }

        CallChildFailed(child, failures);
        child.Work?.Fail(failures);
        Finish(child);
    }

    /// <summary>One turn of a worker on the pool: start waiting children one after another, each on this thread up to its first real wait.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        long tick = Environment.TickCount64;
        int starts = 0;
        do
        {
            if (TakeForPool(arrived: starts == 0) is not { } taken)
            {
                return;
            }

            taken.Child.Run(taken.Context);

            // What a child's own code left on the thread must not reach the next one.
            if (SynchronizationContext.Current is not null)
            {
                SynchronizationContext.SetSynchronizationContext(null);
            }
        }
        while (++starts < StartsPerTurn && Environment.TickCount64 == tick);
    }

    private void Finish(Child child)
    {
        GroupAnswer answer;
        lock (_gate)
        {
            Unlink(child);
            answer = ClaimStarter(GroupMachine.Step(ref _state, GroupEvent.ChildEnded, _rules));
        }

        if ((answer & GroupAnswer.MayStart) != 0)
        {
            SendStarter();
        }

        CarryOut(answer);
    }

    private bool IsSeenElsewhere(Child child) =>
        child.Work is { HasTask: true } || Options.ChildFailed is not null || Report.IsLogging(Options.Logger, LogLevel.Error);

    private void CallChildFailed(Child child, IReadOnlyList<Exception> failures)
    {
        if (Options.ChildFailed is not { } handler)
        {
            return;
        }

        try
        {
            handler(new ChildFailure(Options.Name, child.Site.Name, child.Site.File, child.Site.Line, failures));
        }
        catch (Exception thrown)
        {
            CarryOut(Record([thrown], GroupEvent.OwnerFailed, $"the {nameof(TaskGroupOptions.ChildFailed)} handler"));
        }
    }

    private (Child Child, ExecutionContext? Context)? TakeForPool(bool arrived)
    {
        GroupAnswer answer;
        (Child, ExecutionContext?)? taken;
        lock (_gate)
        {
            if (arrived)
            {
                _starterIsDue = false;
            }

            taken = Take(out answer);
            answer = ClaimStarter(answer);
        }

        // Before the child runs, because it may block this thread: a successor must be on its way by then.
        if ((answer & GroupAnswer.MayStart) != 0)
        {
            SendStarter();
        }

        return taken;
    }

    // Under the lock.
    private (Child Child, ExecutionContext? Context)? Take(out GroupAnswer answer)
    {
        answer = GroupMachine.Step(ref _state, GroupEvent.Take, _rules);
        if ((answer & GroupAnswer.Yes) == 0 || !_waiting.TryDequeue(out WaitingChild waiting))
        {
            return null;
        }

        Child child = Link();
        child.Prepare(waiting);
        return (child, waiting.Context);
    }

    // Under the lock. Keeps MayStart only for the one who has to send the starter.
    private GroupAnswer ClaimStarter(GroupAnswer answer)
    {
        if ((answer & GroupAnswer.MayStart) == 0)
        {
            return answer;
        }

        if (_starterIsDue)
        {
            return answer & ~GroupAnswer.MayStart;
        }

        _starterIsDue = true;
        return answer;
    }

    private void SendStarter()
    {
        if (_context is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            PostWaiting(_context);
        }
    }

    // One poster at a time: posts keep the order of the calls, and a context that posts inline does not nest.
    private void PostWaiting(SynchronizationContext context)
    {
        while (true)
        {
            (Child Child, ExecutionContext? Context)? taken;
            lock (_gate)
            {
                taken = Take(out _);
                _starterIsDue = taken is not null;
            }

            if (taken is not { } start)
            {
                return;
            }

            try
            {
                context.Post(static start => Start(((Child, ExecutionContext?))start!), start);
            }
            catch (Exception thrown)
            {
                OnFaulted(start.Child, [thrown]);
            }
        }

        static void Start((Child Child, ExecutionContext? Context) start) => start.Child.Run(start.Context);
    }

    private void DropWaiting()
    {
        while (true)
        {
            WaitingChild dropped;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out dropped))
                {
                    return;
                }
            }

            (dropped.Work as IChildWork)?.Cancel(Token);
        }
    }

    // Under the lock.
    private Child Link()
    {
        Child child;
        if (_free is { } free)
        {
            _free = free.Next;
            _freeCount--;
            child = free;
        }
        else
        {
            child = new Child(this);
        }

        child.Next = _running;
        if (_running is not null)
        {
            _running.Previous = child;
        }

        _running = child;
        return child;
    }

    // Under the lock.
    private void Unlink(Child child)
    {
        if (child.Previous is null)
        {
            _running = child.Next;
        }
        else
        {
            child.Previous.Next = child.Next;
        }

        if (child.Next is not null)
        {
            child.Next.Previous = child.Previous;
        }

        child.Previous = null;
        child.Next = null;
        child.Clear();
        if (_freeCount < MostFreeNodes)
        {
            child.Next = _free;
            _free = child;
            _freeCount++;
        }
    }
}
