using System.Diagnostics;
using System.Runtime.InteropServices;
using Async.Toolkit.Internal;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// The one place through which every part reports. A logger is a side channel: what it throws never changes the outcome of the work.
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

    public static void GroupFailed(ILogger? logger, string group, Exception failure, string child)
    {
        try
        {
            if (logger is not null)
            {
                Log.GroupFailed(logger, failure, group, child);
            }
        }
        catch (Exception)
        {
            // Nobody is left to tell; so in every method here.
        }
    }

    /// <summary>Tells whether a logger took it: if not, the failure has to reach somebody else.</summary>
    public static bool ChildFailed(ILogger? logger, string group, Exception failure, CallerSite site)
    {
        try
        {
            if (!IsLogging(logger, LogLevel.Error))
            {
                return false;
            }

            Log.ChildFailed(logger!, failure, group, site.Name, site.File, site.Line);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    public static void CancellationIgnored(ILogger? logger, string group, CancellationReason reason, TimeSpan delay, int count, string names)
    {
        try
        {
            if (logger is not null)
            {
                Log.CancellationIgnored(logger, group, reason, delay, count, names);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>Failures that no caller will ever see: without a logger they go to the trace listeners, the last resort.</summary>
    public static void FailuresSwallowed(ILogger? logger, string group, Exception failures)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Error))
            {
                Log.FailuresSwallowed(logger!, failures, group);
            }
            else
            {
                Trace.TraceError("Task group '{0}' has failures that reach nobody else: {1}", group, failures);
            }
        }
        catch (Exception)
        {
        }
    }

    public static void OperationAbandoned(ILogger? logger, string operation, TimeSpan patience, string reason)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Warning))
            {
                Log.OperationAbandoned(logger!, operation, patience, reason);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>As <see cref="FailuresSwallowed"/>, for an operation whose caller has gone on.</summary>
    public static void AbandonedOperationFailed(ILogger? logger, string operation, Exception failure)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Error))
            {
                Log.AbandonedOperationFailed(logger!, failure, operation);
            }
            else
            {
                Trace.TraceError("{0} failed after it had been left behind; its failure reaches nobody else: {1}", operation, failure);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>As <see cref="FailuresSwallowed"/>, for the callbacks of a cancellation that belongs to no call.</summary>
    public static void CancellationCallbackFailed(ILogger? logger, string operation, Exception failure)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Error))
            {
                Log.CancellationCallbackFailed(logger!, failure, operation);
            }
            else
            {
                Trace.TraceError("A cancellation callback of {0} failed; its failure reaches nobody else: {1}", operation, failure);
            }
        }
        catch (Exception)
        {
        }
    }

    public static void SignalReceived(ILogger? logger, string app, PosixSignal signal, TimeSpan timeout)
    {
        try
        {
            if (logger is not null)
            {
                Log.SignalReceived(logger, app, signal, timeout);
            }
        }
        catch (Exception)
        {
        }
    }

    public static void MainAbandoned(ILogger? logger, string app, string why)
    {
        try
        {
            if (logger is not null)
            {
                Log.MainAbandoned(logger, app, why);
            }
        }
        catch (Exception)
        {
        }
    }

    public static void PostedAfterEnd(ILogger? logger, string loop)
    {
        try
        {
            if (logger is not null)
            {
                Log.PostedAfterEnd(logger, loop);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>The same last resort as for <see cref="FailuresSwallowed"/>: nobody else sees this failure.</summary>
    public static void FailedAfterEnd(ILogger? logger, string loop, Exception failure)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Error))
            {
                Log.FailedAfterEnd(logger!, failure, loop);
            }
            else
            {
                Trace.TraceError("A callback that was posted to event loop '{0}' after its end failed: {1}", loop, failure);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>A call that blocks can throw but one failure; the others are told here, or to the trace listeners.</summary>
    public static void FurtherFailures(ILogger? logger, string loop, Exception failures)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Error))
            {
                Log.FurtherFailures(logger!, failures, loop);
            }
            else
            {
                Trace.TraceError("Event loop '{0}' threw its first failure; these followed it: {1}", loop, failures);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>Like <see cref="FailuresSwallowed"/>: nobody else will ever see this failure.</summary>
    public static void PageFailedUnseen(ILogger? logger, Exception failure)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Warning))
            {
                Log.PageFailedUnseen(logger!, failure);
            }
            else
            {
                Trace.TraceWarning("What was asked for ahead failed, and the loop over the pages ended before it was reached: {0}", failure);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>A failure behind the one that is thrown: a stream's step can throw only one.</summary>
    public static void PageFailedFurther(ILogger? logger, Exception failure, int page)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Warning))
            {
                Log.PageFailedFurther(logger!, failure, page);
            }
            else
            {
                Trace.TraceWarning("The fetch of page {0} failed more than once; the first failure is thrown, this one is a further one: {1}", page, failure);
            }
        }
        catch (Exception)
        {
        }
    }

    public static void PageBehindEndFailed(ILogger? logger, Exception failure)
    {
        try
        {
            if (logger is not null)
            {
                Log.PageBehindEndFailed(logger, failure);
            }
        }
        catch (Exception)
        {
        }
    }

    /// <summary>As <see cref="FailuresSwallowed"/>, for a failure beside a result that the caller gets all the same.</summary>
    public static void FailureUnseen(ILogger? logger, string group, Exception failure, string source)
    {
        try
        {
            if (IsLogging(logger, LogLevel.Warning))
            {
                Log.FailureUnseen(logger!, failure, group, source);
            }
            else
            {
                Trace.TraceWarning("A failure in '{0}' did not reach its caller; it came from {1}: {2}", group, source, failure);
            }
        }
        catch (Exception)
        {
        }
    }
}
