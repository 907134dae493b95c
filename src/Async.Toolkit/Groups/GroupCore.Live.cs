using System.Collections.Frozen;
using System.Globalization;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

// What can be seen of a group while it runs: in the task tree, and in the warning about those that ignore its cancellation.
internal sealed partial class GroupCore
{
    private static readonly FrozenSet<LiveScope> NobodyInParticular = FrozenSet<LiveScope>.Empty;

    /// <summary>Whether what is started within the group is followed.</summary>
    public bool IsFollowed => LiveSwitch.IsOn || _followsChildren;

    public override void Describe(LiveView view)
    {
        GroupState state = State;
        view.Kind = TaskTreeNodeKind.Group;
        view.Name = SourceText.OneLine(Options.Name);
        view.State = state.Reason != CancellationReason.None ? TaskTreeState.Canceling
            : state.Phase == GroupPhase.Open || !_hasBody ? TaskTreeState.Running
            : TaskTreeState.Joining;
        view.Reason = state.Reason;
        view.Age = LiveClock.Age(Started, view.Now(Options.TimeProvider));
        view.Running = state.Running;
        view.Waiting = state.Waiting;
        view.Token = _source.Token;
        view.CallerToken = _callerToken;
        view.SecondToken = _secondToken;
        _end?.Describe(view);
    }

    public override void AddChildren(LiveChildren children, LiveView view)
    {
        int leftOut = 0;
        long now = view.Now(Options.TimeProvider);
        foreach (RunningChild child in _roster?.Running(children.Room, children.Wanted, withIdle: false, out leftOut) ?? [])
        {
            if (child.Work is { IsWorker: true } worker)
            {
                AddItem(children, view, child, worker, now);
            }
            else
            {
                Add(children, view, child, now);
            }
        }

        view.LeftOut += leftOut;
        if (view.Kind == TaskTreeNodeKind.Gather)
        {
            view.Running = view.Below.Count + leftOut;
        }

        AddWaiting(children, view);
    }

    /// <summary>What the tree needs to know of a child that is about to start; nothing of a worker, whose items are followed instead.</summary>
    public LiveChild? Follow(object work, uint number) =>
        work is not IChildWork { IsWorker: true } ? new LiveChild(number, LiveClock.Now(Options.TimeProvider, mayAsk: true)) : null;

    private void Add(LiveChildren children, LiveView view, RunningChild running, long now)
    {
        LiveView child = children.Add(view, running.Live);
        Name(child, running);
        bool isCanceled = running.Work?.OwnToken.IsCancellationRequested == true;
        child.State = IsCanceling || isCanceled ? TaskTreeState.Canceling : TaskTreeState.Running;
        child.Reason = isCanceled && !IsCanceling ? CancellationReason.Caller : Reason;
        child.Age = running.Live?.AgeAt(now);
        child.Id = running.Live is { } live ? IdOf(view, live.Number) : null;
    }

    private void AddItem(LiveChildren children, LiveView view, RunningChild running, IChildWork worker, long now)
    {
        if (worker.IsIdle)
        {
            return;
        }

        // Asked once: the worker goes on to its next item meanwhile. Its last item's scope is not that of the next one.
        long? current = worker.Item;
        LiveChild? live = current is { } number && running.Live?.IsNumber(number) == true ? running.Live : null;
        LiveView child = children.Add(view, live);
        child.Kind = TaskTreeNodeKind.Item;
        child.Name = current is null ? running.Name : IChildWork.NameOfItem(current.Value);
        child.State = IsCanceling ? TaskTreeState.Canceling : TaskTreeState.Running;
        child.Reason = Reason;
        if (current is { } item)
        {
            child.Id = IdOf(view, item);
            child.Age = live?.AgeAt(now);
            _end?.DescribeItem(child, item);
        }
    }

    private void AddWaiting(LiveChildren children, LiveView view)
    {
        int more = 0;
        AddWaiting(children, view, _ready?.Peek(children.Room, out more) ?? [], more, TaskTreeState.WaitingForThread);
        if (_waiting is null)
        {
            return;
        }

        List<WaitingChild> waiting;
        lock (_waiting)
        {
            waiting = [.. _waiting.Take(children.Room)];
            more = _waiting.Count - waiting.Count;
        }

        AddWaiting(children, view, waiting, more, TaskTreeState.WaitingForLimit);
    }

    private static void AddWaiting(LiveChildren children, LiveView view, List<WaitingChild> waiting, int more, TaskTreeState state)
    {
        view.LeftOut += more;
        foreach (WaitingChild next in waiting)
        {
            // A worker has nothing to show before it has begun.
            if (next.Work is not IChildWork { IsWorker: true })
            {
                LiveView child = children.Add(view, null);
                Name(child, new RunningChild(next.Origin, next.Work as IChildWork, null));
                child.State = state;
            }
        }
    }

    private static void Name(LiveView view, RunningChild child)
    {
        view.Kind = TaskTreeNodeKind.Child;
        view.Name = child.Name;
        view.File = child.File;
        view.Line = child.Line;
    }

    private static string IdOf(LiveView group, long number) => string.Create(CultureInfo.InvariantCulture, $"{group.Id}.{number}");

    private void WarnOfStragglers()
    {
        const int MostNames = 10;
        int more = 0;
        List<RunningChild> running = _roster?.Running(MostNames, wanted: NobodyInParticular, withIdle: true, out more) ?? [];
        GroupState state = State;
        bool body = _hasBody && state.Phase == GroupPhase.Open;
        IEnumerable<string> names = running.Select(static child => child.ToString());
        names = body ? names.Prepend("the body") : names;
        names = more > 0 ? names.Append($"and {more} more") : names;
        names = state.Striking ? names.Append("a cancellation callback") : names;
        int waitsFor = running.Count + more + (body ? 1 : 0) + (state.Striking ? 1 : 0);
        if (waitsFor > 0)
        {
            Report.CancellationIgnored(Options.EffectiveLogger, Options.Noun, Options.Name, Reason, Options.CancellationWarningDelay, waitsFor, string.Join(", ", names));
        }
    }
}
