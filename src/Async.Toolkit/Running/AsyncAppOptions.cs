using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit;

/// <summary>Settings of <see cref="AsyncApp"/>. Immutable and checked when set, so one object can serve many calls and threads.</summary>
public sealed class AsyncAppOptions
{
    internal static readonly AsyncAppOptions Default = new();

    /// <summary>The name of the program in messages, logs, metrics and snapshots.</summary>
    /// <value>Default <c>"AsyncApp"</c>. Choose one of few values: it becomes a metric tag.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    }
    = nameof(AsyncApp);

    /// <summary>Whether SIGINT, SIGTERM and SIGQUIT cancel main.</summary>
    /// <value>Default <see langword="true"/>. Set it to <see langword="false"/> inside a host, which handles them itself, and in tests: then the
    /// signals of the process are left alone, and any number of calls may run at once.</value>
    public bool HandleSignals { get; init; } = true;

    /// <summary>How long main may go on after the first signal before the process ends without it.</summary>
    /// <value>From zero (the process ends as soon as the cancellation was asked for) up, or infinite (only a second signal ends it). Default 30 seconds.
    /// Without <see cref="HandleSignals"/> it has no effect.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    public TimeSpan ShutdownTimeout
    {
        get;
        init => field = Check.Timeout(value, nameof(ShutdownTimeout));
    }
    = TimeSpan.FromSeconds(30);

    /// <summary>Tells failures that only look like one to be cancellations, as <see cref="TaskGroupOptions.IsCancellation"/> does.</summary>
    /// <value>Default <see langword="null"/>: only <see cref="OperationCanceledException"/> is a cancellation.</value>
    public Func<Exception, bool>? IsCancellation { get; init; }

    /// <summary>Where failures and the word on signals are written.</summary>
    /// <value>Default <see langword="null"/>: <see cref="Console.Error"/>. It may be called from several threads at once (see
    /// <see cref="TextWriter.Synchronized"/>); one that throws is ignored.</value>
    public TextWriter? Error { get; init; }

    /// <summary>The clock of <see cref="ShutdownTimeout"/>.</summary>
    /// <value>Default <see cref="System.TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }
    = TimeProvider.System;

    /// <summary>Where signals are reported, and the work that the end of the process leaves behind.</summary>
    /// <value>Default <see langword="null"/>: as <see cref="LoggerFactory"/> says. A logger that throws is ignored.</value>
    public ILogger? Logger { get; init; }

    /// <summary>Gives the logger, of category <see cref="ToolkitDiagnostics.LogCategory"/>, where <see cref="Logger"/> is not set.</summary>
    /// <value>Default <see langword="null"/>: <see cref="ToolkitDiagnostics.LoggerFactory"/>; without that too, nowhere but <see cref="Error"/>. A factory that throws is ignored.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal ILogger? EffectiveLogger => Loggers.Choose(Logger, LoggerFactory);

    internal TaskGroupOptions RootGroup() => new()
    {
        Name = Name,
        Kind = "app",
        IsCancellation = IsCancellation,
        TimeProvider = TimeProvider,
        Logger = Logger,
        LoggerFactory = LoggerFactory,
    };
}
