namespace Async.Toolkit.Testing;

/// <summary>A delay of any length, by one timer, so that it has one place among those of its instant.</summary>
internal sealed class VirtualDelay(VirtualRun run) : VirtualWait($"time.{nameof(VirtualTime.Delay)}")
{
    public static readonly TimerCallback Elapse = static self => ((VirtualDelay)self!).EndByTimer();

    private CancellationTokenRegistration _cancellation;
    private int _isEnding;

    /// <summary>Set before anybody else sees the delay; <see langword="null"/> for one without end.</summary>
    public VirtualTimer? Timer { get; set; }

    public void CancelWith(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

        _cancellation = cancellationToken.UnsafeRegister(static (self, token) => ((VirtualDelay)self!).Cancel(token), this);
        if (Interlocked.CompareExchange(ref _isEnding, 0, 0) == 1)
        {
            // Whoever ends it may have come before there was a registration to remove.
            _cancellation.Unregister();
        }
    }

    protected override void LetGo()
    {
        Unregister();
        base.LetGo();
    }

    private void EndByTimer()
    {
        Unregister();
        Source.TrySetResult();
    }

    // Before the end: its continuations run at once.
    private void Unregister()
    {
        Interlocked.Exchange(ref _isEnding, 1);
        _cancellation.Unregister();
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        // First: the continuations run at once, and see a clock on which this does not wait any more.
        run.Forget(this);
        Source.TrySetCanceled(cancellationToken);
    }
}
