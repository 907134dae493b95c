using System.Threading.Tasks.Sources;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Limiting;

/// <summary>What a slot is used for.</summary>
internal enum SlotState : byte
{
    Free,
    Waiting,
    Held,

    /// <summary>Its waiter was canceled and has not seen it yet.</summary>
    Canceled,

    /// <summary>The semaphore was disposed, and its waiter has not seen it yet.</summary>
    Refused,
}

/// <summary>
/// The place of one request: waited for, then held, then free for the next one. The semaphore's gate guards it, except for what belongs to the
/// waiter alone.
/// </summary>
internal sealed class SemaphoreSlot(AsyncSemaphore semaphore) : IValueTaskSource<AsyncSemaphore.Permit>
{
    private ManualResetValueTaskSourceCore<AsyncSemaphore.Permit> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;

    // When the waiting began, if somebody wants to know.
    private long? _since;

    /// <summary>Neighbours in the queue; <see cref="Next"/> alone among the free and among the granted.</summary>
    public SemaphoreSlot? Previous;
    public SemaphoreSlot? Next;

    /// <summary>Only the permit that carries this number may release the slot; counted on by each release.</summary>
    public long Ticket;

    public int Weight;

    /// <summary>Who waits, where that is followed.</summary>
    public LiveScope? Waiter;

    public SlotState State;

    /// <summary>A token's callback that is on its way would hit the next user of the slot.</summary>
    public bool IsReusable { get; private set; } = true;

    /// <summary>The token that the waiter can be canceled by; while it joins the queue, none.</summary>
    public CancellationToken Token => _registration.Token;

    public bool TryRelease(long ticket) => semaphore.TryRelease(this, ticket);

    /// <summary>Called by the one who waits, after the slot has joined the queue: it may be granted already.</summary>
    public ValueTask<AsyncSemaphore.Permit> WaitAsync(CancellationToken cancellationToken)
    {
        short version = _core.Version;
        _since = Report.IsTimingWaits ? Report.Timestamp(TimeProvider.System) : null;
        if (cancellationToken.CanBeCanceled)
        {
            // Nobody reads the registration before this method has returned, since the waiter awaits what it returns.
            _registration = cancellationToken.UnsafeRegister(
                static (slot, token) => ((SemaphoreSlot)slot!).OnCanceled(token), this);
        }

        return new(this, version);
    }

    public void Grant() => _core.SetResult(new(this, Ticket));

    public void Refuse(Exception reason) => _core.SetException(reason);

    AsyncSemaphore.Permit IValueTaskSource<AsyncSemaphore.Permit>.GetResult(short token)
    {
        ValueTaskSourceStatus status = _core.GetStatus(token);
        if (status == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The permit has not been granted yet: await it.");
        }

        if (_since is { } since)
        {
            _since = null;
            Report.Waited(WaitKind.Semaphore, group: null, TimeProvider.System, since);
        }

        // A canceled slot has had its callback, which was the one that canceled it and does not touch it any more.
        bool isSafe = _registration == default || _registration.Unregister() || State == SlotState.Canceled;
        _registration = default;
        IsReusable = isSafe;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Whoever awaits the same ValueTask a second time finds another version and is told so.
            _core.Reset();
            if (status != ValueTaskSourceStatus.Succeeded)
            {
                semaphore.Return(this);
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<AsyncSemaphore.Permit>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<AsyncSemaphore.Permit>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void OnCanceled(CancellationToken token) => semaphore.Cancel(this, token);
}
