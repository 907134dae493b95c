using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>What a child does and whom it tells, for every child that is more than a plain delegate.</summary>
internal interface IChildWork
{
    /// <summary>Somebody outside holds the child's task and sees its failure there.</summary>
    bool HasTask { get; }

    /// <summary>The token that cancels this child alone.</summary>
    CancellationToken OwnToken { get; }

    /// <summary>Calls the delegate; <see langword="null"/> means that it has succeeded already.</summary>
    Task? Begin(CancellationToken groupToken);

    /// <summary>The child succeeded; <paramref name="finished"/> is what <see cref="Begin"/> gave.</summary>
    void Succeed(Task? finished);

    /// <summary>The child failed.</summary>
    void Fail(IReadOnlyList<Exception> failures);

    /// <summary>The child was canceled, before or after its start.</summary>
    void Cancel(CancellationToken token);
}

/// <summary>A child without a task of its own, in one of the shapes that the queue does not hold as they are.</summary>
internal sealed class StartWork<TOperation, T>(TOperation operation) : IChildWork
    where TOperation : struct, IOperation<CancellationToken, T>
{
    public bool HasTask => false;

    public CancellationToken OwnToken => default;

    public Task? Begin(CancellationToken groupToken) => operation.Begin(groupToken, out _);

    public void Succeed(Task? finished)
    {
    }

    public void Fail(IReadOnlyList<Exception> failures)
    {
    }

    public void Cancel(CancellationToken token)
    {
    }
}

/// <summary>
/// A child whose task the caller holds. Continuations of that task never run on the child's stack: the child has to report its end to the group.
/// </summary>
internal sealed class RunWork<TOperation, T>(TOperation operation) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IChildWork
    where TOperation : struct, IOperation<CancellationToken, T>
{
    // Not readonly: calling through a readonly field would copy the struct.
    private TOperation _operation = operation;

    public bool HasTask => true;

    public CancellationToken OwnToken => default;

    public Task? Begin(CancellationToken groupToken)
    {
        Task? pending = _operation.Begin(groupToken, out T result);
        if (pending is null)
        {
            SetResult(result);
        }

        return pending;
    }

    public void Succeed(Task? finished)
    {
        if (finished is not null)
        {
            SetResult(_operation.ResultOf(finished));
        }
    }

    public void Fail(IReadOnlyList<Exception> failures)
    {
        SetException(failures);

        // The group answers for the failure: a handle that nobody awaits must not raise UnobservedTaskException.
        _ = Task.Exception;
    }

    public void Cancel(CancellationToken token) => TrySetCanceled(token);
}

/// <summary>Adds <see cref="ChildOptions.CancellationToken"/> to a child: its delegate sees a token that both this one and the group's cancel.</summary>
internal sealed class OwnTokenWork(IChildWork inner, CancellationToken ownToken) : IChildWork
{
    private CancellationTokenRegistration _early;
    private CancellationTokenRegistration _fromOwn;
    private CancellationTokenRegistration _fromGroup;
    private int _stage;

    private enum Stage
    {
        Waiting,
        Begun,
        CanceledEarly,
    }

    public bool HasTask => inner.HasTask;

    public CancellationToken OwnToken => ownToken;

    /// <summary>While the child waits for its turn its task can be canceled at once; its place in the queue stays, and is passed over later.</summary>
    public void WatchWhileWaiting() =>
        _early = ownToken.UnsafeRegister(static self => ((OwnTokenWork)self!).CancelEarly(), this);

    public Task? Begin(CancellationToken groupToken)
    {
        _early.Unregister();
        if (Interlocked.CompareExchange(ref _stage, (int)Stage.Begun, (int)Stage.Waiting) != (int)Stage.Waiting)
        {
            return Task.FromCanceled(ownToken);
        }

        if (ownToken.IsCancellationRequested)
        {
            return Task.FromCanceled(ownToken);
        }

        var source = new CancellationTokenSource();
        _fromGroup = groupToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        _fromOwn = ownToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        return inner.Begin(source.Token);
    }

    public void Succeed(Task? finished)
    {
        Unlink();
        inner.Succeed(finished);
    }

    public void Fail(IReadOnlyList<Exception> failures)
    {
        Unlink();
        inner.Fail(failures);
    }

    public void Cancel(CancellationToken token)
    {
        Unlink();
        inner.Cancel(ownToken.IsCancellationRequested ? ownToken : token);
    }

    private void CancelEarly()
    {
        if (Interlocked.CompareExchange(ref _stage, (int)Stage.CanceledEarly, (int)Stage.Waiting) == (int)Stage.Waiting)
        {
            inner.Cancel(ownToken);
        }
    }

    // Unregister, not Dispose: the end of a child must not wait for a callback that may be the very thing that ended it.
    private void Unlink()
    {
        _early.Unregister();
        _fromOwn.Unregister();
        _fromGroup.Unregister();
    }
}
