using Xunit;

namespace Async.Toolkit.Tests;

/// <summary>Waits of tests, each with a guard: a test that hangs fails instead, and a guard never passes for the outcome under test.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the end of <paramref name="task"/>, whatever it is; a failure counts as observed.</summary>
    public static async Task<TTask> Ended<TTask>(this TTask task)
        where TTask : Task
    {
        await task
            .ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
            .WaitAsync(Limit, TestContext.Current.CancellationToken);
        return task;
    }

    public static async Task Guarded(this Task task) => await await task.Ended();

    public static async Task<T> Guarded<T>(this Task<T> task) => await await task.Ended();

    /// <summary>All failures of a task that must have failed.</summary>
    public static async Task<IReadOnlyList<Exception>> Failures(this Task task)
    {
        await task.Ended();
        Assert.Equal(TaskStatus.Faulted, task.Status);
        return task.Exception!.InnerExceptions;
    }

    /// <summary>The only failure of a task that must have failed.</summary>
    public static async Task<Exception> OnlyFailure(this Task task) => Assert.Single(await task.Failures());

    /// <summary>The cancellation of a task that must have been canceled.</summary>
    public static async Task<OperationCanceledException> Cancellation(this Task task)
    {
        await task.Ended();
        Assert.Equal(TaskStatus.Canceled, task.Status);
        return await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    /// <summary>Collects until <paramref name="target"/> is gone; gives up, and says so, after a time in which any garbage would be.</summary>
    public static async Task<bool> IsCollected(this WeakReference target)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (target.IsAlive && !guard.IsCancellationRequested)
        {
            GC.Collect();
            await Task.Yield();
        }

        return !target.IsAlive;
    }

    /// <summary>Waits for what no task tells of.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using var guard = new CancellationTokenSource(Limit);
        while (!condition())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public static Task UntilCanceled(this CancellationToken token) => Task.Delay(Timeout.InfiniteTimeSpan, token);
}
