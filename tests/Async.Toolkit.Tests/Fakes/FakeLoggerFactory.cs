using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Tests.Fakes;

/// <summary>Gives what the test says, and keeps which categories it was asked for.</summary>
internal sealed class FakeLoggerFactory(Func<ILogger> create) : ILoggerFactory
{
    private readonly ConcurrentQueue<string> _categories = new();

    public IReadOnlyCollection<string> Categories => _categories;

    public ILogger CreateLogger(string categoryName)
    {
        _categories.Enqueue(categoryName);
        return create();
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
