using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>Keeps what is logged.</summary>
internal sealed class FailureLog : ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text, Exception? Failure)> _entries = new();

    public IReadOnlyCollection<(int Id, string Text, Exception? Failure)> Entries => _entries;

    /// <summary>The failures that reached nobody else.</summary>
    public IEnumerable<Exception> Unseen => _entries.Where(static entry => entry.Id == 30).Select(static entry => entry.Failure!);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, formatter(state, exception), exception));
}
