using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Tests.Fakes;

/// <summary>Throws when it is asked whether it logs, or only when it is to log.</summary>
internal sealed class ThrowingLogger(bool alreadyWhenAsked) : ILogger
{
    private int _calls;

    /// <summary>How often it threw.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => !alreadyWhenAsked || Throw();

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Throw();

    private bool Throw()
    {
        Interlocked.Increment(ref _calls);
        throw new InvalidOperationException("the logger is broken");
    }
}
