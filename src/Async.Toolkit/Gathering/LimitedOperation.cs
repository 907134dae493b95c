using System.Threading.RateLimiting;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Gathering;

/// <summary>Starts each item when the rate limiters say so, and gives their leases back when it has ended.</summary>
internal sealed class LimitedOperation<TSource, T>(ItemOperation<TSource, T> inner, GatherOptions options) : ItemOperation<TSource, T>
{
    /// <summary>The items that wait for a permit.</summary>
    public LiveItems Waiting { get; } = new();

    public override Task? Begin(TSource item, long index, CancellationToken token, out T result)
    {
        result = default!;
        var outcome = new TaskCompletionSource<T>();
        _ = RunAsync(item, index, outcome, token);
        return outcome.Task;
    }

    public override void Close() => inner.Close();

    // The outcome is set by hand because an async method keeps only one of an item's failures.
    private async Task RunAsync(TSource item, long index, TaskCompletionSource<T> outcome, CancellationToken token)
    {
        RateLimitLease? own = null;
        RateLimitLease? common = null;
        var failures = new List<Exception>();
        T result = default!;
        bool waits = false;
        try
        {
            if (options.HasPartitions)
            {
                own = await Timed(Noted(options.AcquirePartitionAsync(item, token), index, ref waits)).ConfigureAwait(false);
                ThrowUnlessAcquired(own, options.PartitionLimiter!, index);
            }

            if (options.RateLimiter is { } limiter)
            {
                common = await Timed(Noted(limiter.AcquireAsync(1, token), index, ref waits)).ConfigureAwait(false);
                ThrowUnlessAcquired(common, limiter, index);
            }

            // A limiter need not look at the token while an item waits; and some give the permit all the same.
            token.ThrowIfCancellationRequested();
            if (!Thread.CurrentThread.IsThreadPoolThread)
            {
                // Nor does the thread that gave the permit expect to run items: they belong on the pool.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            Forget(index, ref waits);
            Task? pending = inner.Begin(item, index, token, out result);
            if (pending is not null)
            {
                await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (pending.IsCompletedSuccessfully)
                {
                    result = inner.ResultOf(pending);
                }
                else
                {
                    failures.AddRange(Failures.Of(pending));
                }
            }
        }
        catch (Exception thrown)
        {
            failures.Add(thrown);
        }

        Forget(index, ref waits);
        Dispose(common, failures);
        Dispose(own, failures);
        if (failures.Count == 0)
        {
            outcome.SetResult(result);
        }
        else
        {
            outcome.SetException(failures);
        }
    }

    private ValueTask<RateLimitLease> Timed(ValueTask<RateLimitLease> acquiring) =>
        !acquiring.IsCompleted && Report.IsTimingWaits && Report.Timestamp(options.TimeProvider) is { } since ? ReportWait(acquiring, since) : acquiring;

    private async ValueTask<RateLimitLease> ReportWait(ValueTask<RateLimitLease> acquiring, long since)
    {
        try
        {
            return await acquiring.ConfigureAwait(false);
        }
        finally
        {
            Report.Waited(WaitKind.Rate, options.Name, options.TimeProvider, since);
        }
    }

    private ValueTask<RateLimitLease> Noted(ValueTask<RateLimitLease> permit, long index, ref bool waits)
    {
        if (!permit.IsCompleted && !waits)
        {
            waits = true;
            Waiting.Add(index);
        }

        return permit;
    }

    private void Forget(long index, ref bool waits)
    {
        if (waits)
        {
            waits = false;
            Waiting.Remove(index);
        }
    }

    private static void Dispose(RateLimitLease? lease, List<Exception> failures)
    {
        try
        {
            lease?.Dispose();
        }
        catch (Exception thrown)
        {
            failures.Add(thrown);
        }
    }

    private static void ThrowUnlessAcquired(RateLimitLease lease, object limiter, long index)
    {
        if (lease.IsAcquired)
        {
            return;
        }

        string reason = lease.TryGetMetadata(MetadataName.ReasonPhrase, out string? phrase) ? $" ({phrase})" : "";
        string retry = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? $" It said to try again after {after}." : "";
        throw new InvalidOperationException(
            $"Item {index} was refused by the rate limiter {limiter.GetType()}{reason}: its queue must have room for as many waiters as items may be under way at once.{retry}");
    }
}
