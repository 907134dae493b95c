using Async.Toolkit.Diagnostics;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit;

/// <summary>Settings of a <see cref="TaskGroup"/>. Immutable and checked when set, so one object can serve many groups and threads.</summary>
public sealed class TaskGroupOptions
{
    internal static readonly TaskGroupOptions Default = new();

    /// <summary>The group's name in messages, logs, metrics and snapshots.</summary>
    /// <value>Default <c>"TaskGroup"</c>. Choose one of few values: it becomes a metric tag.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    }
    = nameof(TaskGroup);

    /// <summary>What happens when a child fails.</summary>
    /// <value>Default <see cref="Async.Toolkit.FailurePolicy.CancelSiblings"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration's.</exception>
    public FailurePolicy FailurePolicy
    {
        get;
        init => field = Check.Defined(value, nameof(FailurePolicy));
    }

    /// <summary>How many children may run at once; further ones wait first-in first-out. The body does not count.</summary>
    /// <value>From 1. Default <see langword="null"/>: no limit.</value>
    /// <remarks>
    /// A child that awaits the task of a sibling which waits for a free place waits for ever when it holds the last place itself: with a limit, let
    /// the body await, not the children.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int? MaxConcurrency
    {
        get;
        init => field = Check.Positive(value, nameof(MaxConcurrency));
    }

    /// <summary>How long the group may take, from its creation to its end. When it passes, everything is canceled and awaited, and the group ends
    /// with a <see cref="TimeoutException"/>, unless all of its work finished all the same.</summary>
    /// <value>From zero (nothing starts) up. Default <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = Check.Timeout(value, nameof(Timeout));
    }
    = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Where the children run.</summary>
    /// <value>Default <see cref="Async.Toolkit.ChildContext.ThreadPool"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration's.</exception>
    public ChildContext ChildContext
    {
        get;
        init => field = Check.Defined(value, nameof(ChildContext));
    }

    /// <summary>Called once for each child that fails, whatever the policy, before the child's own task completes.</summary>
    /// <value>Default <see langword="null"/>: nothing is called.</value>
    /// <remarks>
    /// It runs on the thread on which the child ended, several calls possibly at once; the group does not end before it has returned. If it
    /// throws, that is one more failure, after the child's, and treated as one of the body.
    /// </remarks>
    public Action<ChildFailure>? ChildFailed { get; init; }

    /// <summary>Tells failures that only look like one to be cancellations, such as a remote call's own status for "canceled".</summary>
    /// <value>Default <see langword="null"/>: only <see cref="OperationCanceledException"/> is a cancellation.</value>
    /// <remarks>
    /// Asked only once the cancellation of the group or of the child has been requested; until then such a failure is a failure. It may be called from
    /// several threads at once. If it throws, both the failure in question and its own are kept.
    /// </remarks>
    public Func<Exception, bool>? IsCancellation { get; init; }

    /// <summary>The clock of <see cref="Timeout"/> and <see cref="CancellationWarningDelay"/>.</summary>
    /// <value>Default <see cref="System.TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }
    = TimeProvider.System;

    /// <summary>Where the group reports what its caller may not see.</summary>
    /// <value>Default <see langword="null"/>: as <see cref="LoggerFactory"/> says. A logger that throws is ignored.</value>
    public ILogger? Logger { get; init; }

    /// <summary>Gives the logger, of category <see cref="ToolkitDiagnostics.LogCategory"/>, where <see cref="Logger"/> is not set.</summary>
    /// <value>Default <see langword="null"/>: <see cref="ToolkitDiagnostics.LoggerFactory"/>; without that too, nowhere. A factory that throws is ignored.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>How long a child or the body may go on after the cancellation before a warning names it. The group goes on waiting all the same.</summary>
    /// <value>From zero up, or infinite for no warning. Default 10 seconds. Where nobody logs there is no warning and no timer.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan CancellationWarningDelay
    {
        get;
        init => field = Check.Timeout(value, nameof(CancellationWarningDelay));
    }
    = TimeSpan.FromSeconds(10);

    /// <summary>Whether each child gets a span of its own in traces, named as the child is, with the place of the call.</summary>
    /// <value>Default <see langword="false"/>: only the group has one.</value>
    public bool TraceChildren { get; init; }

    /// <summary>What the group is for, in its span.</summary>
    internal string Kind { get; init; } = "group";

    /// <summary>The same in words, for messages.</summary>
    internal string Noun => Kind switch
    {
        "gather" => "gather",
        "paging" => "loop over pages",
        "app" => "app",
        "loop" => "event loop",
        _ => "task group",
    };

    internal GroupCounts Counts => field ??= GroupCounts.Of(Name);

    internal ILogger? EffectiveLogger => Loggers.Choose(Logger, LoggerFactory);

    /// <summary>Whether the task tree follows the children of this group even while it is off: their age, and what is started within them.</summary>
    /// <value>Default <see langword="false"/>: only while <see cref="TaskTree"/> is on, which then follows all groups.</value>
    public bool FollowChildren { get; init; }

    /// <summary>What the task tree shows the group under, where that is known from the start.</summary>
    internal LiveScope? Owner { get; init; }

    /// <summary>What the group's end is to the owner's own caller, for whom the group is only a means: that is what those are told who listen.</summary>
    internal Func<GroupEnding, GroupEnding>? TrueEnding { get; init; }

    /// <summary>The owner of the group hands every failure on itself, and only what ignores its cancellation is left for the group to report.</summary>
    internal bool IsQuietOnFailure { get; init; }
}
