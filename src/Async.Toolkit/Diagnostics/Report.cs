using System.Runtime.InteropServices;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// The one place through which every part reports. Whoever listens stands outside: what a listener throws never changes the outcome of the work.
/// Names come here as the user gave them, and leave on one line.
/// </summary>
internal static partial class Report
{
    public static bool IsLogging(ILogger? logger, LogLevel level)
    {
        try
        {
            return logger is not null && logger.IsEnabled(level);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <param name="logger">Where to.</param>
    /// <param name="noun">What kind of a group it is, in words.</param>
    /// <param name="group">Its name.</param>
    /// <param name="failure">The first failure.</param>
    /// <param name="child">What it came from.</param>
    public static void GroupFailed(ILogger? logger, string noun, string group, Exception failure, string child) =>
        Tell(logger, LogLevel.Warning, (noun, group, failure, child), static (log, it) => Log.GroupFailed(log, it.failure, Capitalized(it.noun), SourceText.Whole(it.group), it.child));

    /// <summary>Tells whether a logger took it: if not, the failure has to reach somebody else.</summary>
    public static bool ChildFailed(ILogger? logger, string group, Exception failure, CallerSite site) =>
        Tell(logger, LogLevel.Error, (group, failure, site), static (log, it) => Log.ChildFailed(log, it.failure, SourceText.Whole(it.group), it.site.Place));

    public static void CancellationIgnored(ILogger? logger, string noun, string group, CancellationReason reason, TimeSpan delay, int count, string names) =>
        Tell(logger, LogLevel.Warning, (noun, group, reason, delay, count, names), static (log, it) => Log.CancellationIgnored(log, Capitalized(it.noun), SourceText.Whole(it.group), it.reason, it.delay, it.count, it.names));

    public static void FailuresSwallowed(ILogger? logger, string group, Exception failures) =>
        TellSomebody(logger, LogLevel.Error, (group, failures), static (log, it) => Log.FailuresSwallowed(log, it.failures, SourceText.Whole(it.group)));

    public static void OperationAbandoned(ILogger? logger, string operation, TimeSpan patience, string reason) =>
        Tell(logger, LogLevel.Warning, (operation, patience, reason), static (log, it) => Log.OperationAbandoned(log, SourceText.Whole(it.operation), it.patience, it.reason));

    public static void AbandonedOperationFailed(ILogger? logger, string operation, Exception failure) =>
        TellSomebody(logger, LogLevel.Error, (operation, failure), static (log, it) => Log.AbandonedOperationFailed(log, it.failure, SourceText.Whole(it.operation)));

    public static void CancellationCallbackFailed(ILogger? logger, string operation, Exception failure) =>
        TellSomebody(logger, LogLevel.Error, (operation, failure), static (log, it) => Log.CancellationCallbackFailed(log, it.failure, SourceText.Whole(it.operation)));

    public static void SignalReceived(ILogger? logger, string app, PosixSignal signal, TimeSpan timeout) =>
        Tell(logger, LogLevel.Information, (app, signal, timeout), static (log, it) => Log.SignalReceived(log, SourceText.Whole(it.app), it.signal, it.timeout));

    public static void MainAbandoned(ILogger? logger, string app, string why) =>
        Tell(logger, LogLevel.Error, (app, why), static (log, it) => Log.MainAbandoned(log, SourceText.Whole(it.app), it.why));

    public static void PostedAfterEnd(ILogger? logger, string loop) =>
        Tell(logger, LogLevel.Warning, loop, static (log, loop) => Log.PostedAfterEnd(log, SourceText.Whole(loop)));

    public static void FailedAfterEnd(ILogger? logger, string loop, Exception failure) =>
        TellSomebody(logger, LogLevel.Error, (loop, failure), static (log, it) => Log.FailedAfterEnd(log, it.failure, SourceText.Whole(it.loop)));

    /// <summary>A call that blocks can throw but one failure; the others are told here.</summary>
    public static void FurtherFailures(ILogger? logger, string loop, Exception failures) =>
        TellSomebody(logger, LogLevel.Error, (loop, failures), static (log, it) => Log.FurtherFailures(log, it.failures, SourceText.Whole(it.loop)));

    /// <summary>A failure beside a result that the caller gets all the same.</summary>
    public static void FailureUnseen(ILogger? logger, string group, Exception failure, string source) =>
        TellSomebody(logger, LogLevel.Warning, (group, failure, source), static (log, it) => Log.FailureUnseen(log, it.failure, SourceText.Whole(it.group), it.source));

    /// <summary>A handler that only looks on has failed: nobody else will ever see it.</summary>
    public static void ProgressFailed(ILogger? logger, string gather, Exception failure) =>
        TellSomebody(logger, LogLevel.Warning, (gather, failure), static (log, it) => Log.ProgressFailed(log, it.failure, SourceText.Whole(it.gather)));

    public static void PageFailedUnseen(ILogger? logger, Exception failure) =>
        TellSomebody(logger, LogLevel.Warning, failure, static (log, failure) => Log.PageFailedUnseen(log, failure));

    /// <summary>A failure behind the one that is thrown: a stream's step can throw only one.</summary>
    public static void PageFailedFurther(ILogger? logger, Exception failure, int page) =>
        TellSomebody(logger, LogLevel.Warning, (failure, page), static (log, it) => Log.PageFailedFurther(log, it.failure, it.page));

    public static void PageBehindEndFailed(ILogger? logger, Exception failure) =>
        Tell(logger, LogLevel.Debug, failure, static (log, failure) => Log.PageBehindEndFailed(log, failure));

    private static string Capitalized(string noun) => $"{char.ToUpperInvariant(noun[0])}{noun[1..]}";

    /// <summary>Whether a logger took the message.</summary>
    private static bool Tell<T>(ILogger? logger, LogLevel level, T content, Action<ILogger, T> message)
    {
        try
        {
            if (logger is null || !logger.IsEnabled(level))
            {
                return false;
            }

            message(logger, content);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>For failures that nobody else will ever see: where no logger takes them, the trace listeners get them.</summary>
    private static void TellSomebody<T>(ILogger? logger, LogLevel level, T content, Action<ILogger, T> message)
    {
        if (!Tell(logger, level, content, message))
        {
            Tell(LastResort.Instance, level, content, message);
        }
    }
}
