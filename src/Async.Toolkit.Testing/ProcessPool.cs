namespace Async.Toolkit.Testing;

/// <summary>The thread pool of this process.</summary>
internal readonly struct ProcessPool : IPoolNumbers
{
    public long Pending => ThreadPool.PendingWorkItemCount;

    public int Busy
    {
        get
        {
            ThreadPool.GetMaxThreads(out int most, out _);
            ThreadPool.GetAvailableThreads(out int available, out _);
            return most - available;
        }
    }

    public long Completed => ThreadPool.CompletedWorkItemCount;
}
