using System.Collections.Concurrent;
using Xunit;

[assembly: AssemblyFixture(typeof(Async.Toolkit.Tests.UnobservedExceptions))]

namespace Async.Toolkit.Tests;

/// <summary>Fails the whole run at its end if any task's failure was observed by nobody.</summary>
public sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<AggregateException> _raised = [];

    /// <summary>Listens from before the first test on.</summary>
    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += Keep;

    /// <summary>A failure is raised by the finalizer of its task: everything dead is collected first.</summary>
    public void Dispose()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= Keep;
        Assert.Empty(_raised);
    }

    private void Keep(object? sender, UnobservedTaskExceptionEventArgs raised) => _raised.Enqueue(raised.Exception);
}
