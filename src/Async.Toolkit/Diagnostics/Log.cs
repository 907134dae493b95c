using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>Every log message of the library: fixed event ids, levels and texts.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Task group '{Group}' failed; the first failure came from {Child}.", EventName = "GroupFailed")]
    public static partial void GroupFailed(ILogger logger, Exception failure, string group, string child);

    [LoggerMessage(2, LogLevel.Error, "A child of task group '{Group}' failed and the group goes on: {Child} ({File}:{Line}).", EventName = "ChildFailed")]
    public static partial void ChildFailed(ILogger logger, Exception failure, string group, string child, string file, int line);

    [LoggerMessage(3, LogLevel.Warning, "Task group '{Group}' was canceled ({Reason}) {Delay} ago and still waits for {Count}: {Names}.", EventName = "CancellationIgnored")]
    public static partial void CancellationIgnored(ILogger logger, string group, CancellationReason reason, TimeSpan delay, int count, string names);

    [LoggerMessage(4, LogLevel.Error, "Task group '{Group}' has failures that reach nobody else, because it was not joined or had ended.", EventName = "FailuresSwallowed")]
    public static partial void FailuresSwallowed(ILogger logger, Exception failures, string group);

    [LoggerMessage(20, LogLevel.Warning, "{Operation} went on for {Patience} after its cancellation ({Reason}) and was left behind.", EventName = "OperationAbandoned")]
    public static partial void OperationAbandoned(ILogger logger, string operation, TimeSpan patience, string reason);

    [LoggerMessage(21, LogLevel.Error, "{Operation} failed after it had been left behind; its failure reaches nobody else.", EventName = "AbandonedOperationFailed")]
    public static partial void AbandonedOperationFailed(ILogger logger, Exception failure, string operation);

    [LoggerMessage(22, LogLevel.Error, "A cancellation callback of {Operation} failed; its failure reaches nobody else.", EventName = "CancellationCallbackFailed")]
    public static partial void CancellationCallbackFailed(ILogger logger, Exception failure, string operation);

    [LoggerMessage(30, LogLevel.Warning, "A failure in '{Group}' did not reach its caller; it came from {Source}.", EventName = "FailureUnseen")]
    public static partial void FailureUnseen(ILogger logger, Exception failure, string group, string source);
}
