using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>What a child does and whom it tells, for every child that is more than a plain delegate.</summary>
internal interface IChildWork
{
    /// <summary>Somebody outside holds the child's task, and it has not ended yet: a failure is seen there.</summary>
    bool HasTask { get; }

    /// <summary>The token that cancels this child alone.</summary>
    CancellationToken OwnToken { get; }

    /// <summary>What it does at this moment, for children that the place of their call does not name.</summary>
    string? Label => null;

    /// <summary>It runs items one after another: they are counted, followed and shown in its place.</summary>
    bool IsWorker => false;

    /// <summary>The item that a worker runs, if it is followed.</summary>
    LiveChild? Live => null;

    /// <summary>A worker that has nothing to do at this moment.</summary>
    bool IsIdle => false;

    /// <summary>The number of the item that a worker runs; <see langword="null"/> where it runs none.</summary>
    long? Item => null;

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

    public bool HasTask => !Task.IsCompleted;

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
        // It may be canceled already, by its own token while it waited.
        TrySetException(failures);

        // The group answers for the failure: a handle that nobody awaits must not raise UnobservedTaskException.
        _ = Task.Exception;
    }

    public void Cancel(CancellationToken token) => TrySetCanceled(token);
}
