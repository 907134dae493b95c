using System.Threading.RateLimiting;

namespace Async.Toolkit;

/// <summary>
/// Settings of the calls of <see cref="Gather"/> for items of one type, with a rate for each of their kinds: per host, per tenant. Immutable and
/// checked when set, so one object can serve many calls and threads.
/// </summary>
/// <typeparam name="TSource">The type of the items; a call whose items are not of it refuses these options.</typeparam>
public sealed class GatherOptions<TSource> : GatherOptions
{
    /// <summary>Says when an item may start, by what the item is. One permit is acquired before the delegate is called and its lease is disposed when the item has ended.</summary>
    /// <value>Default <see langword="null"/>: no rate limit. It is not disposed by the call, and may be shared.</value>
    /// <remarks>
    /// With <see cref="GatherOptions.RateLimiter"/> as well, an item waits for this one first, so that one that has to wait for its own kind does not use up
    /// the permits of all. What is said there about queues and refusals applies here too.
    /// </remarks>
    public PartitionedRateLimiter<TSource>? PartitionedRateLimiter { get; init; }

    internal override Type? SourceType => typeof(TSource);

    internal override bool HasPartitions => PartitionedRateLimiter is not null;

    // Only for items that Accepts let through.
    internal override ValueTask<RateLimitLease> AcquirePartitionAsync<TItem>(TItem item, CancellationToken token) =>
        PartitionedRateLimiter!.AcquireAsync((TSource)(object)item!, 1, token);

    internal override object? PartitionLimiter => PartitionedRateLimiter;
}
