using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Diagnostics;

/// <summary>Writes to the trace listeners what no logger took and nobody else will ever see.</summary>
internal sealed class LastResort : ILogger
{
    public static readonly LastResort Instance = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = $"{formatter(state, exception)} {exception}";
        if (logLevel >= LogLevel.Error)
        {
            Trace.TraceError(line);
        }
        else
        {
            Trace.TraceWarning(line);
        }
    }
}
