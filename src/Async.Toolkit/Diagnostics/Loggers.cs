using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>Which logger is meant: the one that the options name, then that of their factory, then that of the process.</summary>
internal static class Loggers
{
    private static readonly ConditionalWeakTable<ILoggerFactory, ILogger> Created = [];

    /// <summary>Asked whenever there is something to report, so that a factory counts from the moment it is set.</summary>
    public static ILogger? Choose(ILogger? logger, ILoggerFactory? factory)
    {
        if (logger is not null || (factory ?? ToolkitDiagnostics.LoggerFactory) is not { } chosen)
        {
            return logger;
        }

        try
        {
            return Created.GetValue(chosen, static factory =>
                factory.CreateLogger(ToolkitDiagnostics.LogCategory) ?? throw new InvalidOperationException("The factory gave no logger."));
        }
        catch (Exception)
        {
            // A factory that throws, or gives nothing, is no logger; it is asked again for the next message.
            return null;
        }
    }
}
