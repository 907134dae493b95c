using System.Collections.Concurrent;
using Async.Toolkit.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(UnobservedExceptions))]

namespace Async.Toolkit.Tests;

/// <summary>Fails the whole run if any task's failure went unobserved in it.</summary>
public sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<AggregateException> _unobserved = new();

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += Keep;

    public void Dispose()
    {
        // Twice: a finalizer may be what lets go of the next task.
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= Keep;
        if (!_unobserved.IsEmpty)
        {
            throw new AggregateException("Tasks of this run failed and nobody observed it.", _unobserved);
        }
    }

    private void Keep(object? sender, UnobservedTaskExceptionEventArgs e) => _unobserved.Enqueue(e.Exception);
}
