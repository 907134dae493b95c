using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Tests.Running;

/// <summary>A logger that keeps what it is told.</summary>
internal sealed class LogRecorder : ILogger
{
    public ConcurrentQueue<(int Id, LogLevel Level, string Text, Exception? Failure)> Entries { get; } = new();

    public IEnumerable<int> Ids => Entries.Select(entry => entry.Id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((eventId.Id, logLevel, formatter(state, exception), exception));
}
