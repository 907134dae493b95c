using System.Threading.RateLimiting;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit;

/// <summary>
/// Settings of the calls of <see cref="Gather"/>. Immutable and checked when set, so one object can serve many calls and threads; a rate limiter in
/// it is shared by all of them.
/// </summary>
public class GatherOptions
{
    internal static readonly GatherOptions Default = new();

    /// <summary>The call's name in messages, logs, metrics and snapshots.</summary>
    /// <value>Default <c>"Gather"</c>. Choose one of few values: it becomes a metric tag.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    }
    = nameof(Gather);

    /// <summary>How many items may be under way at once. The source is never read further ahead than this.</summary>
    /// <value>
    /// From 1. Default <see langword="null"/>: all at once, where a call allows that. <c>ForEachAsync</c>, <c>StreamAsync</c> and every
    /// <see cref="IAsyncEnumerable{T}"/> need a limit.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int? MaxConcurrency
    {
        get;
        init => field = Check.Positive(value, nameof(MaxConcurrency));
    }

    /// <summary>Says when an item may start. One permit is acquired before the delegate is called and its lease is disposed when the item has ended.</summary>
    /// <value>Default <see langword="null"/>: no rate limit. It is not disposed by the call, and may be shared.</value>
    /// <remarks>
    /// An item that waits for its permit counts as under way, so the limiter's queue must hold at least <see cref="MaxConcurrency"/> waiters. An item that the
    /// limiter refuses fails with an <see cref="InvalidOperationException"/> that names the limiter.
    /// </remarks>
    public RateLimiter? RateLimiter { get; init; }

    /// <summary>How long one item may take, from the call of its delegate; waiting for a permit of a rate limiter does not count.</summary>
    /// <value>More than zero. Default <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit.</value>
    /// <remarks>
    /// When it passes, the token of that item alone is canceled, and the item awaited. It has then failed with a <see cref="TimeoutException"/> that names
    /// its index, unless it succeeded all the same; a failure of its own comes before that exception.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero, or negative and not infinite.</exception>
    public TimeSpan ItemTimeout
    {
        get;
        init => field = Check.PositiveTimeout(value, nameof(ItemTimeout));
    }
    = Timeout.InfiniteTimeSpan;

    /// <summary>Gets the numbers of started, succeeded and failed items whenever they change.</summary>
    /// <value>Default <see langword="null"/>: nobody is told.</value>
    /// <remarks>
    /// Called on the thread pool, never by two threads at once; each report is newer than the one before, and the last one, made before the call ends, has
    /// the final numbers. Changes that come while a report is under way are reported together. If it throws, the call goes on as if it had not, and so do
    /// the reports; the first failure of each call is logged (event 31), or goes to the trace listeners where no logger takes it.
    /// </remarks>
    public IProgress<GatherProgress>? Progress { get; init; }

    /// <summary>Tells failures that only look like one to be cancellations, such as a remote call's own status for "canceled".</summary>
    /// <value>Default <see langword="null"/>: only <see cref="OperationCanceledException"/> is a cancellation.</value>
    /// <remarks>
    /// Asked only once the cancellation of the call has been requested; until then such a failure is a failure. It may be called from several threads at
    /// once. If it throws, both the failure in question and its own are kept.
    /// </remarks>
    public Func<Exception, bool>? IsCancellation { get; init; }

    /// <summary>Whether results that nobody gets are disposed: those of losers, of a call that fails, and of a stream that is left early.</summary>
    /// <value>Default <see langword="false"/>.</value>
    /// <remarks>
    /// <see cref="IAsyncDisposable"/> is preferred to <see cref="IDisposable"/>, each object is disposed once, and never one that is the same object as a result
    /// that was returned. The <see langword="default"/> of a struct counts as no result and is not disposed. The call ends after that. What a <c>Dispose</c> throws comes after the failures of the call; where the call gives its result all the same, it is logged.
    /// </remarks>
    public bool DisposeDiscarded { get; init; }

    /// <summary>The clock of <see cref="ItemTimeout"/>, and of the warning about items that ignore a cancellation.</summary>
    /// <value>Default <see cref="System.TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }
    = TimeProvider.System;

    /// <summary>Where the call reports what its caller may not see.</summary>
    /// <value>Default <see langword="null"/>: as <see cref="LoggerFactory"/> says. A logger that throws is ignored.</value>
    public ILogger? Logger { get; init; }

    /// <summary>Gives the logger, of category <see cref="ToolkitDiagnostics.LogCategory"/>, where <see cref="Logger"/> is not set.</summary>
    /// <value>Default <see langword="null"/>: <see cref="ToolkitDiagnostics.LoggerFactory"/>; without that too, failures that reach nobody else go
    /// to the trace listeners, the rest nowhere. A factory that throws is ignored.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Whether each item gets a span of its own in traces, from the call of its delegate to its end, with its index.</summary>
    /// <value>Default <see langword="false"/>: only the call has one.</value>
    public bool TraceItems { get; init; }

    internal ILogger? EffectiveLogger => Loggers.Choose(Logger, LoggerFactory);

    /// <summary>The type of the items that these options are for; <see langword="null"/> where they are for all.</summary>
    internal virtual Type? SourceType => null;

    internal virtual bool HasPartitions => false;

    internal virtual object? PartitionLimiter => null;

    /// <summary>The settings of the group that a call is inside.</summary>
    internal TaskGroupOptions GroupOptions =>
        field ??= new TaskGroupOptions { Name = Name, Kind = "gather", IsCancellation = IsCancellation, TimeProvider = TimeProvider, Logger = Logger, LoggerFactory = LoggerFactory };

    internal bool Accepts(Type sourceType) => SourceType?.IsAssignableFrom(sourceType) ?? true;

    internal virtual ValueTask<RateLimitLease> AcquirePartitionAsync<TItem>(TItem item, CancellationToken token) =>
        throw new InvalidOperationException("These options have no partitions.");
}
