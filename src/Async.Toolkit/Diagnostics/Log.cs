using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>Every log message of the library: fixed event ids, levels and texts.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Kind} '{Group}' failed; the first failure came from {Child}.", EventName = "GroupFailed")]
    public static partial void GroupFailed(ILogger logger, Exception failure, string kind, string group, string child);

    [LoggerMessage(2, LogLevel.Error, "A child of task group '{Group}' failed and the group goes on: {Child}.", EventName = "ChildFailed")]
    public static partial void ChildFailed(ILogger logger, Exception failure, string group, string child);

    [LoggerMessage(3, LogLevel.Warning, "{Kind} '{Group}' was canceled ({Reason}) {Delay} ago and still waits for {Count}: {Names}.", EventName = "CancellationIgnored")]
    public static partial void CancellationIgnored(ILogger logger, string kind, string group, CancellationReason reason, TimeSpan delay, int count, string names);

    [LoggerMessage(4, LogLevel.Error, "Task group '{Group}' has failures that reach nobody else, because it was not joined or had ended.", EventName = "FailuresSwallowed")]
    public static partial void FailuresSwallowed(ILogger logger, Exception failures, string group);

    [LoggerMessage(10, LogLevel.Warning, "{Operation} went on for {Patience} after its cancellation ({Reason}) and was left behind.", EventName = "OperationAbandoned")]
    public static partial void OperationAbandoned(ILogger logger, string operation, TimeSpan patience, string reason);

    [LoggerMessage(11, LogLevel.Error, "{Operation} failed after it had been left behind; its failure reaches nobody else.", EventName = "AbandonedOperationFailed")]
    public static partial void AbandonedOperationFailed(ILogger logger, Exception failure, string operation);

    [LoggerMessage(12, LogLevel.Error, "A cancellation callback of {Operation} failed; its failure reaches nobody else.", EventName = "CancellationCallbackFailed")]
    public static partial void CancellationCallbackFailed(ILogger logger, Exception failure, string operation);

    [LoggerMessage(20, LogLevel.Information, "'{App}' received {Signal}: main is canceled and has {Timeout} to end.", EventName = "SignalReceived")]
    public static partial void SignalReceived(ILogger logger, string app, PosixSignal signal, TimeSpan timeout);

    [LoggerMessage(21, LogLevel.Error, "'{App}' ends while main still runs and leaves its work behind: {Why}", EventName = "MainAbandoned")]
    public static partial void MainAbandoned(ILogger logger, string app, string why);

    [LoggerMessage(22, LogLevel.Warning, "Event loop '{Loop}' has ended, but something was posted to it: it runs on the thread pool. Was a task not awaited?", EventName = "PostedAfterEnd")]
    public static partial void PostedAfterEnd(ILogger logger, string loop);

    [LoggerMessage(23, LogLevel.Error, "A callback that was posted to event loop '{Loop}' after its end failed.", EventName = "FailedAfterEnd")]
    public static partial void FailedAfterEnd(ILogger logger, Exception failure, string loop);

    [LoggerMessage(24, LogLevel.Error, "Event loop '{Loop}' threw its first failure; these followed it.", EventName = "FurtherFailures")]
    public static partial void FurtherFailures(ILogger logger, Exception failures, string loop);

    [LoggerMessage(30, LogLevel.Warning, "A failure in '{Group}' did not reach its caller; it came from {Source}.", EventName = "FailureUnseen")]
    public static partial void FailureUnseen(ILogger logger, Exception failure, string group, string source);

    [LoggerMessage(31, LogLevel.Warning, "The progress handler of '{Gather}' failed; the call goes on, and further failures of the handler are not told.", EventName = "ProgressFailed")]
    public static partial void ProgressFailed(ILogger logger, Exception failure, string gather);

    [LoggerMessage(40, LogLevel.Warning, "What was asked for ahead failed, and the loop over the pages ended before it was reached.", EventName = "PageFailedUnseen")]
    public static partial void PageFailedUnseen(ILogger logger, Exception failure);

    [LoggerMessage(41, LogLevel.Warning, "The fetch of page {Page} failed more than once; the first failure is thrown, this one is a further one.", EventName = "PageFailedFurther")]
    public static partial void PageFailedFurther(ILogger logger, Exception failure, int page);

    [LoggerMessage(42, LogLevel.Debug, "A page behind the end, asked for before the end was known, failed; this is of no consequence.", EventName = "PageBehindEndFailed")]
    public static partial void PageBehindEndFailed(ILogger logger, Exception failure);
}
