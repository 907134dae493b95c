using System.Diagnostics;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// The one place through which every part reports. A logger is a side channel: what it throws never changes the outcome of the work.
/// </summary>
internal static class Report
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

    public static void GroupFailed(ILogger? logger, string group, Exception failure, string child)
    {
        if (IsLogging(logger, LogLevel.Warning))
        {
            Shielded(() => Log.GroupFailed(logger!, failure, group, child));
        }
    }

    public static void ChildFailed(ILogger? logger, string group, Exception failure, CallerSite site)
    {
        if (IsLogging(logger, LogLevel.Error))
        {
            Shielded(() => Log.ChildFailed(logger!, failure, group, site.Name, site.File, site.Line));
        }
    }

    public static void CancellationIgnored(ILogger? logger, string group, CancellationReason reason, TimeSpan delay, int count, string names)
    {
        if (IsLogging(logger, LogLevel.Warning))
        {
            Shielded(() => Log.CancellationIgnored(logger!, group, reason, delay, count, names));
        }
    }

    /// <summary>Failures that no caller will ever see: without a logger they go to the trace listeners, the last resort.</summary>
    public static void FailuresSwallowed(ILogger? logger, string group, Exception failures)
    {
        if (IsLogging(logger, LogLevel.Error))
        {
            Shielded(() => Log.FailuresSwallowed(logger!, failures, group));
        }
        else
        {
            Shielded(() => Trace.TraceError("Task group '{0}' was disposed without a join; its failures reach nobody else: {1}", group, failures));
        }
    }

    private static void Shielded(Action report)
    {
        try
        {
            report();
        }
        catch (Exception)
        {
            // Nobody is left to tell.
        }
    }
}
