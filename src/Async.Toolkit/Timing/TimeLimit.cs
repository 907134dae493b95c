namespace Async.Toolkit.Timing;

/// <summary>Who cancelled an operation that stands under a limit; the first reason stays.</summary>
internal enum LimitReason : byte
{
    None,
    Caller,
    Deadline,

    /// <summary>The clock could not be asked for a timer: without its limit the operation must not go on.</summary>
    Clock,
}

/// <summary>
/// A deadline and a caller's token over one operation at a time: decides which of the two struck first, cancels the operation's own token on the
/// pool, and tells when both the operation and the callbacks of that cancellation have ended.
/// </summary>
/// <remarks>
/// One operation goes: <see cref="Open"/>, <see cref="Link"/> (once is enough for operations under the same token), <see cref="Arm"/>, and
/// <see cref="End"/> when the operation is over. The object may then serve the next one. The token source may not: a token that a user has seen must
/// never be canceled by what happens to somebody else.
/// </remarks>
internal abstract class TimeLimit(TimeProvider clock) : Deadline(clock), IThreadPoolWorkItem
{
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _link;
    private bool _isStriking;
    private bool _isOver = true;

    public LimitReason Reason { get; private set; }

    /// <summary>What the callbacks of the cancellation threw.</summary>
    public IReadOnlyList<Exception> CallbackFailures { get; private set; } = [];

    /// <summary>The caller has been released, though the operation or a callback goes on.</summary>
    protected bool IsAbandoned { get; private set; }

    /// <summary>The operation had ended when the caller was released; only callbacks went on.</summary>
    protected bool IsOnlyCallbacksAbandoned { get; private set; }

    protected CancellationToken Outer { get; set; }

    /// <summary>How long the operation and the callbacks may go on after the strike before the caller is released.</summary>
    protected TimeSpan Patience { get; set; } = Timeout.InfiniteTimeSpan;

    void IThreadPoolWorkItem.Execute() => CarryOut();

    /// <summary>Begins an operation; the token is for it alone. Under the gate where something is linked already.</summary>
    protected CancellationToken Open()
    {
        var source = new CancellationTokenSource();
        _source = source;
        _isOver = false;
        Reason = LimitReason.None;
        CallbackFailures = [];
        return source.Token;
    }

    /// <summary>Has <paramref name="outer"/> strike too, from now on and for every operation until <see cref="Unlink"/>.</summary>
    protected void Link(CancellationToken outer)
    {
        Outer = outer;
        _link = !outer.CanBeCanceled ? default : outer.UnsafeRegister(static limit => ((TimeLimit)limit!).Strike(LimitReason.Caller), this);
    }

    /// <summary>
    /// The operation goes on: gives it until <paramref name="span"/> after the timestamp <paramref name="start"/>, and then
    /// <paramref name="patience"/> to end.
    /// </summary>
    protected void Arm(long start, TimeSpan span, TimeSpan patience)
    {
        long now = Clock.GetTimestamp();
        bool mustOrder;
        lock (Gate)
        {
            Patience = patience;
            mustOrder = Reason == LimitReason.None ? Note(start, span) : Note(now, patience);
        }

        if (mustOrder)
        {
            Order();
        }
    }

    /// <summary>
    /// Undoes <see cref="Link"/>. Where it gives <see langword="false"/>, the outer token's callback may still be on its way, so that this object
    /// must not serve another caller.
    /// </summary>
    protected bool Unlink() => _link == default || _link.Unregister();

    /// <summary>The outer token was canceled before the operation began, or the time was up; cancels on this thread, where nobody has a callback yet.</summary>
    protected void StrikeAtOnce(LimitReason reason)
    {
        lock (Gate)
        {
            if (!Begin(reason))
            {
                return;
            }
        }

        CarryOut();
    }

    /// <summary>Cancels the operation on the pool, unless there is a reason already.</summary>
    protected void Strike(LimitReason reason)
    {
        lock (Gate)
        {
            if (!Begin(reason))
            {
                return;
            }
        }

        Strike();
    }

    /// <summary>
    /// The operation is over. Gives <see langword="true"/> when no callback of a strike runs any more; otherwise <see cref="OnQuiet"/> follows.
    /// </summary>
    protected bool End()
    {
        lock (Gate)
        {
            _isOver = true;
            if (_isStriking)
            {
                return false;
            }

            Clear();
            return true;
        }
    }

    /// <summary>The same, but where callbacks run, nothing changes and <see cref="End"/> has to be called for the operation.</summary>
    protected bool TryEnd()
    {
        lock (Gate)
        {
            if (_isStriking)
            {
                return false;
            }

            _isOver = true;
            Clear();
            return true;
        }
    }

    /// <summary>
    /// Ends an operation that has not been armed, and <see cref="Unlink"/>s it, if nobody has struck. Whoever is unlinked in time can strike no
    /// more, so that this takes no lock.
    /// </summary>
    protected bool TryEndUnarmed()
    {
        if (!Unlink() || Reason != LimitReason.None)
        {
            return false;
        }

        _link = default;
        _isOver = true;
        return true;
    }

    /// <summary>Drops what belongs to the operation that is over, its reason included: the next one may have no limit.</summary>
    protected void Forget()
    {
        _source = null;
        _link = default;
        Outer = default;
        Reason = LimitReason.None;
        CallbackFailures = [];
        Patience = Timeout.InfiniteTimeSpan;
    }

    /// <summary>
    /// Whether a cancellation of the operation was asked for. The outer token is asked itself: an operation that listens to that token directly may end
    /// before our own registration is called.
    /// </summary>
    protected bool IsAsked()
    {
        if (Reason == LimitReason.None && Outer.IsCancellationRequested)
        {
            Reason = LimitReason.Caller;
        }

        return Reason != LimitReason.None;
    }

    /// <summary>The operation has ended and so have the callbacks of the strike that was under way. On the pool.</summary>
    protected abstract void OnQuiet();

    /// <summary>Callbacks of the strike threw. On the thread that cancelled, before <see cref="OnQuiet"/>.</summary>
    protected virtual void OnCallbacksFailed(IReadOnlyList<Exception> failures)
    {
    }

    /// <summary>The deadline has struck, and the operation is canceled. Before <see cref="OnQuiet"/>.</summary>
    protected abstract void OnStruck();

    /// <summary>The operation went on for longer than <see cref="Patience"/>. On the pool.</summary>
    protected virtual void OnAbandoned()
    {
    }

    protected sealed override bool Claim()
    {
        if (Reason == LimitReason.None)
        {
            // When our timer strikes, a caller who has already cancelled wins.
            return Begin(Outer.IsCancellationRequested ? LimitReason.Caller : LimitReason.Deadline);
        }

        // The second strike, that of the patience: too late once all is quiet.
        IsAbandoned = (_isStriking || !_isOver) && Patience != Timeout.InfiniteTimeSpan;
        IsOnlyCallbacksAbandoned = IsAbandoned && _isOver;
        return IsAbandoned;
    }

    protected sealed override void Strike()
    {
        if (IsAbandoned)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static limit => limit.OnAbandoned(), this, preferLocal: false);
            return;
        }

        if (Patience != Timeout.InfiniteTimeSpan)
        {
            try
            {
                Set(Clock.GetTimestamp(), Patience);
            }
            catch (Exception)
            {
                // A clock without timers: the strike goes on, and nothing is left behind.
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // Under the gate.
    private bool Begin(LimitReason reason)
    {
        if (_isOver || Reason != LimitReason.None)
        {
            return false;
        }

        Reason = reason;
        _isStriking = true;
        return true;
    }

    private void CarryOut()
    {
        try
        {
            _source!.Cancel();
        }
        catch (AggregateException thrown)
        {
            CallbackFailures = thrown.Flatten().InnerExceptions;
            OnCallbacksFailed(CallbackFailures);
        }

        if (Reason == LimitReason.Deadline)
        {
            OnStruck();
        }

        bool isQuiet;
        lock (Gate)
        {
            _isStriking = false;
            isQuiet = _isOver;
            if (isQuiet)
            {
                Clear();
            }
        }

        if (isQuiet)
        {
            OnQuiet();
        }
    }
}
