using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Tests.Fakes;

internal sealed record LogEntry(LogLevel Level, EventId Event, string Message, Exception? Exception);

/// <summary>Keeps what is logged, and tells a test when an event arrives.</summary>
internal sealed class FakeLogger(LogLevel lowest = LogLevel.Trace) : ILogger
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<LogEntry>> _firsts = new();

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>Called with each entry, on the thread that logs it.</summary>
    public Action<LogEntry>? OnLog { get; init; }

    public IReadOnlyList<LogEntry> Of(int eventId) => [.. _entries.Where(entry => entry.Event.Id == eventId)];

    /// <summary>The first entry of an event, waited for.</summary>
    public Task<LogEntry> First(int eventId) => FirstOf(eventId).Task.Guarded();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var entry = new LogEntry(logLevel, eventId, formatter(state, exception), exception);
        _entries.Enqueue(entry);
        OnLog?.Invoke(entry);
        FirstOf(eventId.Id).TrySetResult(entry);
    }

    private TaskCompletionSource<LogEntry> FirstOf(int eventId) =>
        _firsts.GetOrAdd(eventId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
