using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Timing;

/// <summary>The limit behind an <see cref="AsyncTimeout"/> that is used as a scope: one operation, from the constructor to the disposal.</summary>
internal sealed class ScopeLimit : TimeLimit
{
    private readonly AsyncTimeoutOptions _options;
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _span;
    private DateTimeOffset? _due;
    private bool _isDisposed;

    public ScopeLimit(TimeSpan timeout, AsyncTimeoutOptions options, CancellationToken outer)
        : base(options.TimeProvider)
    {
        _options = options;
        _span = timeout;
        _due = DueAfter(timeout);
        Token = Open();
        if (outer.IsCancellationRequested)
        {
            StrikeAtOnce(LimitReason.Caller);
        }
        else if (timeout == TimeSpan.Zero)
        {
            StrikeAtOnce(LimitReason.Deadline);
        }
        else
        {
            Link(outer);
            try
            {
                Set(Clock.GetTimestamp(), timeout);
            }
            catch
            {
                // A clock without timers: nobody gets this scope, and the caller's token must not hold it.
                Unlink();
                throw;
            }
        }
    }

    public CancellationToken Token { get; }

    public DateTimeOffset? Due
    {
        get
        {
            lock (Gate)
            {
                return _due;
            }
        }
    }

    public void Reschedule(TimeSpan span)
    {
        long now = Clock.GetTimestamp();
        DateTimeOffset? due = DueAfter(span);
        bool mustOrder;
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(AsyncTimeout));
            if (Reason == LimitReason.Deadline)
            {
                throw new InvalidOperationException($"The time limit of {_span} has expired and cannot be rescheduled.");
            }

            _span = span;
            _due = due;
            mustOrder = Reason == LimitReason.None && span != TimeSpan.Zero && Note(now, span);
        }

        if (span == TimeSpan.Zero)
        {
            Strike(LimitReason.Deadline);
        }
        else if (mustOrder)
        {
            Order();
        }
    }

    /// <summary>Ends the scope; the task ends with the callbacks of a strike that is under way.</summary>
    public Task Close()
    {
        lock (Gate)
        {
            if (_isDisposed)
            {
                return _quiet.Task;
            }

            _isDisposed = true;
        }

        if (End())
        {
            OnQuiet();
        }

        Unlink();
        Dispose();
        return _quiet.Task;
    }

    protected override void OnCallbacksFailed(IReadOnlyList<Exception> failures)
    {
        // The scope only cancels: nobody awaits it who could be told.
        foreach (Exception failure in failures)
        {
            if (failure is not OperationCanceledException)
            {
                Report.CancellationCallbackFailed(_options.EffectiveLogger, _options.LabelWithin, failure);
            }
        }
    }

    protected override void OnStruck() => Report.CountStrike(DeadlineKind.Operation, _options.Name);

    protected override void OnQuiet() => _quiet.SetResult();

    private DateTimeOffset? DueAfter(TimeSpan span)
    {
        if (span == Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        DateTimeOffset now = Clock.GetUtcNow();
        return span < DateTimeOffset.MaxValue - now ? now + span : DateTimeOffset.MaxValue;
    }
}
