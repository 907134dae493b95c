using System.Threading.RateLimiting;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>So many permits in each period of a clock; who comes later waits for the next one. Written by hand to watch what is done with it.</summary>
internal sealed class ClockedLimiter(TimeProvider clock, int permitsPerPeriod, TimeSpan period, int queueLimit = int.MaxValue) : RateLimiter
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<RateLimitLease>> _waiting = new();
    private ITimer? _timer;
    private int _used;
    private int _given;
    private int _leases;

    public override TimeSpan? IdleDuration => null;

    /// <summary>Leases that were given and have not been disposed.</summary>
    public int OpenLeases => Volatile.Read(ref _leases);

    public int Given => Volatile.Read(ref _given);

    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _timer ??= clock.CreateTimer(static self => ((ClockedLimiter)self!).Refill(), this, period, period);
            if (_used < permitsPerPeriod)
            {
                _used++;
                return new ValueTask<RateLimitLease>(Grant());
            }

            if (_waiting.Count >= queueLimit)
            {
                return new ValueTask<RateLimitLease>(new Lease(null));
            }

            var waiter = new TaskCompletionSource<RateLimitLease>(TaskCreationOptions.RunContinuationsAsynchronously);
            cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
            _waiting.Enqueue(waiter);
            return new ValueTask<RateLimitLease>(waiter.Task);
        }
    }

    private void Refill()
    {
        lock (_gate)
        {
            for (_used = 0; _used < permitsPerPeriod && _waiting.TryDequeue(out TaskCompletionSource<RateLimitLease>? waiter);)
            {
                if (!waiter.Task.IsCompleted && waiter.TrySetResult(Grant()))
                {
                    _used++;
                }
            }
        }
    }

    private Lease Grant()
    {
        Interlocked.Increment(ref _given);
        Interlocked.Increment(ref _leases);
        return new Lease(this);
    }

    private sealed class Lease(ClockedLimiter? owner) : RateLimitLease
    {
        public override bool IsAcquired => owner is not null;

        public override IEnumerable<string> MetadataNames => owner is null ? [MetadataName.ReasonPhrase.Name] : [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = "the queue is full";
            return owner is null && metadataName == MetadataName.ReasonPhrase.Name;
        }

        protected override void Dispose(bool disposing)
        {
            if (owner is not null)
            {
                Interlocked.Decrement(ref owner._leases);
            }

            base.Dispose(disposing);
        }
    }
}
