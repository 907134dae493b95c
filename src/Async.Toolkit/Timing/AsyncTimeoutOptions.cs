using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit;

/// <summary>Settings of an <see cref="AsyncTimeout"/>. Immutable and checked when set, so one object can serve many calls and threads.</summary>
public sealed class AsyncTimeoutOptions
{
    internal static readonly AsyncTimeoutOptions Default = new();

    /// <summary>The operation's name in messages, logs and metrics.</summary>
    /// <value>Default <see langword="null"/>: messages speak of "the operation". Choose one of few values: it becomes a metric tag.</value>
    public string? Name { get; init; }

    /// <summary>How long the operation may take.</summary>
    /// <value>From zero (nothing starts) up, however long. Default <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = Check.Timeout(value, nameof(Timeout));
    }
    = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a call goes on waiting for an operation that has been canceled, by the limit or by the caller, before it leaves the operation behind.
    /// </summary>
    /// <value>From zero (the call ends as the limit strikes) up. Default <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: the call waits until the
    /// operation has ended, so that nothing of it runs any more when the call returns.</value>
    /// <remarks>
    /// For operations that ignore their token. What is left behind is logged as a warning (event 10); a later failure of it is observed and logged as an
    /// error (event 11), or written to the trace listeners where no logger is set. Only for <c>RunAsync</c> and <c>TryRunAsync</c>: a scope waits for nothing.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan AbandonAfter
    {
        get;
        init => field = Check.Timeout(value, nameof(AbandonAfter));
    }
    = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The clock of <see cref="Timeout"/> and <see cref="AbandonAfter"/>.</summary>
    /// <value>Default <see cref="System.TimeProvider.System"/>. Its timers and its timestamps must go by the same time.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }
    = TimeProvider.System;

    /// <summary>Where is reported what the caller does not see.</summary>
    /// <value>Default <see langword="null"/>: as <see cref="LoggerFactory"/> says. A logger that throws is ignored.</value>
    public ILogger? Logger { get; init; }

    /// <summary>Gives the logger, of category <see cref="ToolkitDiagnostics.LogCategory"/>, where <see cref="Logger"/> is not set.</summary>
    /// <value>Default <see langword="null"/>: <see cref="ToolkitDiagnostics.LoggerFactory"/>; without that too, failures go to the trace listeners, the rest nowhere. A factory that throws is ignored.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal ILogger? EffectiveLogger => Loggers.Choose(Logger, LoggerFactory);

    internal string Label => Name is null ? "The operation" : $"Operation '{Name}'";

    /// <summary>The same within a sentence.</summary>
    internal string LabelWithin => Name is null ? "the operation" : $"operation '{Name}'";
}
