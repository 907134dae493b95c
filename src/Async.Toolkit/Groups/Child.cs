using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>
/// A child that runs: the link between a user's task and the group. Nodes are reused within their group, so a steady stream of children
/// allocates none.
/// </summary>
internal sealed class Child
{
    private Action? _continue;
    private object? _work;
    private ChildOrigin? _origin;
    private Task? _pending;

    // What the task tree knows of the child; in a free node the next free one. One field for both, since a million children may wait at once.
    private object? _liveOrNextFree;

    /// <summary>Neighbours among the roster's nodes; guarded by the roster.</summary>
    public Child? Previous;
    public Child? Next;

    public CallerSite Site => _origin!.Site;

    public IChildWork? Work => _work as IChildWork;

    /// <summary>The next one among the free nodes; guarded by the roster.</summary>
    public Child? NextFree
    {
        get => (Child?)_liveOrNextFree;
        set => _liveOrNextFree = value;
    }

    /// <summary>What the task tree knows of the child, if it is followed.</summary>
    public LiveChild? Live => _liveOrNextFree as LiveChild;

    /// <summary>Whether there is <see cref="Live"/>: for whoever has the node in use, the cheaper question.</summary>
    public bool IsFollowed => _liveOrNextFree is not null;

    public void Prepare(in WaitingChild waiting, uint number)
    {
        _work = waiting.Work;
        GroupCore group = waiting.Origin.Group;
        _liveOrNextFree = group.IsFollowed ? group.Follow(waiting.Work, number) : null;

        // Last: it tells who lists the children that the node is in use.
        Volatile.Write(ref _origin, waiting.Origin);
    }

    /// <summary>The child that the node serves, for whoever holds the roster's gate: no node is given to another child meanwhile.</summary>
    /// <returns><see langword="false"/> for a free node, and for one that is just being given out or taken back.</returns>
    public bool TryRead(out RunningChild running)
    {
        ChildOrigin? origin = Volatile.Read(ref _origin);
        var work = Volatile.Read(ref _work) as IChildWork;
        var live = Volatile.Read(ref _liveOrNextFree) as LiveChild;
        running = new RunningChild(origin!, work, live ?? work?.Live);

        // The child may end meanwhile. Only what was read between two looks at its origin belongs to it.
        return origin is not null && Volatile.Read(ref _origin) == origin;
    }

    /// <summary>Lets go of everything that belongs to the finished child.</summary>
    public void Clear()
    {
        // First: it tells who lists the children that the rest is going.
        _origin = null;
        Volatile.Write(ref _work, null);
        Volatile.Write(ref _liveOrNextFree, null);
        _pending = null;
    }

    /// <summary>Calls a delegate of any shape; <see langword="null"/> means that it has succeeded already.</summary>
    public static Task? Call(object work, CancellationToken token) => work switch
    {
        Func<CancellationToken, ValueTask> call => Pending.From(call(token), out _),
        Func<CancellationToken, Task> call => Pending.From(call(token), out _),
        _ => ((IChildWork)work).Begin(token),
    };

    /// <summary>Runs the delegate in the context of the call that started the child. Called on the thread where the child belongs.</summary>
    public void Run()
    {
        // Without a context the child gets this thread's own, and must not leave its changes there.
        if ((_origin!.Context ?? ExecutionContext.Capture()) is { } context)
        {
            ExecutionContext.Run(context, static self => ((Child)self!).BeginInContext(), this);
        }
        else
        {
            TellBeginning();
            Begin();
        }
    }

    /// <summary>Runs the delegate where it was posted to.</summary>
    public void RunPosted()
    {
        _origin!.Group.CountPosted();
        Run();
    }

    /// <summary>Each child that is heard to end is heard to begin.</summary>
    public void TellBeginning()
    {
        if (IsFollowed)
        {
            Report.ChildBegan(_origin!.Group.Id, Live!, Site);
        }
    }

    private void BeginInContext()
    {
        if (IsFollowed)
        {
            Live!.Enter();
            TellBeginning();
        }

        Begin();
    }

    private void Begin()
    {
        GroupCore group = _origin!.Group;
        if (group.IsCanceling)
        {
            group.OnCanceled(this, null);
            return;
        }

        Task? pending;
        try
        {
            pending = Call(_work!, group.Token);
        }
        catch (Exception thrown)
        {
            group.OnFaulted(this, [thrown]);
            return;
        }

        if (pending is null)
        {
            group.OnSucceeded(this, null);
        }
        else if (pending.IsCompleted)
        {
            Settle(pending);
        }
        else
        {
            _pending = pending;

            // The child may end, and this node serve another one, before the next line returns: nothing may follow it.
            pending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_continue ??= Continue);
        }
    }

    private void Continue() => Settle(_pending!);

    private void Settle(Task finished)
    {
        GroupCore group = _origin!.Group;
        if (finished.IsCompletedSuccessfully)
        {
            group.OnSucceeded(this, finished);
        }
        else if (finished.IsCanceled)
        {
            group.OnCanceled(this, finished);
        }
        else
        {
            group.OnFaulted(this, Failures.Of(finished));
        }
    }
}
