namespace Async.Toolkit.Groups;

/// <summary>
/// Adds <see cref="ChildOptions.CancellationToken"/> to a child: its delegate sees a token that both this one and the group's cancel. The child is over
/// only when the callbacks of that cancellation are.
/// </summary>
internal sealed class OwnTokenWork(IChildWork inner, CancellationToken ownToken) : IChildWork
{
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _striking = new();
    private CancellationTokenRegistration _early;
    private CancellationTokenRegistration _fromOwn;
    private CancellationTokenRegistration _fromGroup;
    private Task? _pending;
    private Task? _callbacks;
    private int _stage;
    private bool _over;

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
        if (Interlocked.CompareExchange(ref _stage, (int)Stage.Begun, (int)Stage.Waiting) != (int)Stage.Waiting || ownToken.IsCancellationRequested)
        {
            return Task.FromCanceled(ownToken);
        }

        _fromGroup = groupToken.UnsafeRegister(static self => ((OwnTokenWork)self!).Strike(), this);
        _fromOwn = ownToken.UnsafeRegister(static self => ((OwnTokenWork)self!).Strike(), this);
        try
        {
            _pending = inner.Begin(_source.Token);
        }
        catch (Exception thrown)
        {
            _pending = Task.FromException(thrown);
        }

        if (_pending is null && CloseStrike() is null)
        {
            return null;
        }

        var outcome = new TaskCompletionSource();
        _ = SettleAsync(_pending ?? Task.CompletedTask, outcome);
        return outcome.Task;
    }

    public void Succeed(Task? finished) => inner.Succeed(_pending);

    public void Fail(IReadOnlyList<Exception> failures)
    {
        CloseStrike();
        inner.Fail(failures);
    }

    public void Cancel(CancellationToken token)
    {
        CloseStrike();
        inner.Cancel(ownToken.IsCancellationRequested ? ownToken : token);
    }

    private void CancelEarly()
    {
        if (Interlocked.CompareExchange(ref _stage, (int)Stage.CanceledEarly, (int)Stage.Waiting) == (int)Stage.Waiting)
        {
            inner.Cancel(ownToken);
        }
    }

    // The callbacks run on the pool, and nothing of the user's runs under this lock.
    private void Strike()
    {
        lock (_striking)
        {
            if (!_over)
            {
                _callbacks ??= _source.CancelAsync();
            }
        }
    }

    /// <summary>No strike begins after this; gives the callbacks of one that has.</summary>
    private Task? CloseStrike()
    {
        // Unregister, not Dispose: nobody's cancellation may have to wait for the end of a child, nor the end for it.
        _early.Unregister();
        _fromOwn.Unregister();
        _fromGroup.Unregister();
        lock (_striking)
        {
            _over = true;
            return _callbacks;
        }
    }

    private async Task SettleAsync(Task pending, TaskCompletionSource outcome)
    {
        await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task callbacks = CloseStrike() ?? Task.CompletedTask;
        await callbacks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (callbacks.Exception is { } thrown)
        {
            // The child's own failures come first; its cancellation does not hide what a callback threw.
            IEnumerable<Exception> own = pending.Exception?.InnerExceptions ?? Enumerable.Empty<Exception>();
            outcome.SetException(own.Concat(thrown.Flatten().InnerExceptions));
        }
        else
        {
            outcome.SetFromTask(pending);
        }
    }
}
