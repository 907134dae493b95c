namespace Async.Toolkit.Diagnostics;

/// <summary>How something ended, in the words that measurements, spans and events share.</summary>
internal static class Outcomes
{
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Canceled = "canceled";
    public const string TimedOut = "timed_out";
}
