using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>What the library tells about its work, for the whole process.</summary>
/// <remarks>All members may be used from any thread at any time.</remarks>
public static class ToolkitDiagnostics
{
    /// <summary>The category of the loggers that the library takes from a factory.</summary>
    public const string LogCategory = "Async.Toolkit";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>: what a collector of metrics has to add.</summary>
    public const string MeterName = "Async.Toolkit";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>: what a collector of traces has to add.</summary>
    public const string ActivitySourceName = "Async.Toolkit";

    // Without the commit, which a version of an instrument has no use for.
    internal static readonly string Version = ThisAssembly.AssemblyInformationalVersion.Split('+')[0];

    /// <summary>Where everything is logged whose options say nothing else.</summary>
    /// <value>
    /// Default <see langword="null"/>: only what has a logger in its options is logged. May be set at any time, and counts from the next message on; the
    /// factory is not disposed. What it or its loggers throw is ignored.
    /// </value>
    public static ILoggerFactory? LoggerFactory
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }
}
