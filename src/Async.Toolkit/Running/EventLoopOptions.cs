using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit;

/// <summary>Settings of an <see cref="EventLoop"/>. Immutable and checked when set, so one object can serve many loops and threads.</summary>
public sealed class EventLoopOptions
{
    internal static readonly EventLoopOptions Default = new();

    /// <summary>The name of the loop, and of its root group, in messages, logs, metrics and snapshots.</summary>
    /// <value>Default <c>"EventLoop"</c>. Choose one of few values: it becomes a metric tag.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    }
    = nameof(EventLoop);

    /// <summary>Tells failures that only look like one to be cancellations, as <see cref="TaskGroupOptions.IsCancellation"/> does.</summary>
    /// <value>Default <see langword="null"/>: only <see cref="OperationCanceledException"/> is a cancellation.</value>
    public Func<Exception, bool>? IsCancellation { get; init; }

    /// <summary>The clock of <see cref="CancellationWarningDelay"/>.</summary>
    /// <value>Default <see cref="System.TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }
    = TimeProvider.System;

    /// <summary>Where the loop reports what the caller of <c>Run</c> does not see: failures after the first, and what arrives after the end.</summary>
    /// <value>Default <see langword="null"/>: as <see cref="LoggerFactory"/> says. A logger that throws is ignored.</value>
    public ILogger? Logger { get; init; }

    /// <summary>Gives the logger, of category <see cref="ToolkitDiagnostics.LogCategory"/>, where <see cref="Logger"/> is not set.</summary>
    /// <value>Default <see langword="null"/>: <see cref="ToolkitDiagnostics.LoggerFactory"/>; without that too, failures go to the trace listeners, the rest nowhere. A factory that throws is ignored.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>How long main or a child may go on after the cancellation before a warning names it. The loop goes on waiting all the same.</summary>
    /// <value>From zero up, or infinite for no warning. Default 10 seconds. Where nobody logs there is no warning and no timer.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan CancellationWarningDelay
    {
        get;
        init => field = Check.Timeout(value, nameof(CancellationWarningDelay));
    }
    = TimeSpan.FromSeconds(10);

    internal ILogger? EffectiveLogger => Loggers.Choose(Logger, LoggerFactory);

    internal TaskGroupOptions RootGroup() => new()
    {
        Name = Name,
        Kind = "loop",
        ChildContext = ChildContext.Caller,
        IsCancellation = IsCancellation,
        TimeProvider = TimeProvider,
        Logger = Logger,
        LoggerFactory = LoggerFactory,
        CancellationWarningDelay = CancellationWarningDelay,
    };
}
