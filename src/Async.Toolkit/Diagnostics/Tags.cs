namespace Async.Toolkit.Diagnostics;

/// <summary>The attributes of measurements and spans.</summary>
internal static class Tags
{
    public const string GroupName = "async_toolkit.group.name";
    public const string GroupKind = "async_toolkit.group.kind";
    public const string Outcome = "async_toolkit.outcome";
    public const string CancellationReason = "async_toolkit.cancellation.reason";
    public const string ItemIndex = "async_toolkit.item.index";
    public const string WaitKind = "async_toolkit.wait.kind";
    public const string DeadlineKind = "async_toolkit.deadline.kind";

    // Names that OpenTelemetry's conventions have given.
    public const string ErrorType = "error.type";
    public const string ExceptionType = "exception.type";
    public const string ExceptionStack = "exception.stacktrace";
    public const string FilePath = "code.file.path";
    public const string LineNumber = "code.line.number";
}
