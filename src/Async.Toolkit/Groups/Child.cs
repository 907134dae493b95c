using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>
/// A child that runs: the link between a user's task and the group. Nodes are reused within their group, so a steady stream of children
/// allocates none.
/// </summary>
internal sealed class Child(GroupCore group)
{
    private Action? _continue;
    private object? _work;
    private ChildOrigin? _origin;
    private Task? _pending;

    /// <summary>Neighbours among the roster's nodes, and the next of its free ones; guarded by the roster.</summary>
    public Child? Previous;
    public Child? Next;
    public Child? NextFree;

    /// <summary>Where the child comes from; <see langword="null"/> while the node is free.</summary>
    public ChildOrigin? Origin => _origin;

    public CallerSite Site => _origin!.Site;

    public IChildWork? Work => _work as IChildWork;

    public void Prepare(in WaitingChild waiting)
    {
        _work = waiting.Work;
        _origin = waiting.Origin;
    }

    /// <summary>Lets go of everything that belongs to the finished child.</summary>
    public void Clear()
    {
        _work = null;
        _pending = null;
        _origin = null;
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
            ExecutionContext.Run(context, static self => ((Child)self!).Begin(), this);
        }
        else
        {
            Begin();
        }
    }

    private void Begin()
    {
        if (group.IsCanceling)
        {
            group.OnCanceled(this, null);
            return;
        }

        group.CountStarted(this);
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
