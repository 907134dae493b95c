namespace Async.Toolkit.Testing;

/// <summary>A look at the thread pool of the process: whether anything waits for it or runs on it.</summary>
internal static class PoolLook
{
    /// <summary>
    /// Whether, at one moment within this call, nothing was waiting for the pool and nothing was running on it, except for the
    /// <paramref name="own"/> workers that the caller itself and the host are.
    /// </summary>
    public static bool IsIdle(int own) => IsIdle(default(ProcessPool), own);

    /// <inheritdoc cref="IsIdle(int)"/>
    /// <remarks>
    /// No single number tells that, and no two can be read at once, so the look rests on facts about the pool: an item is pending from when it is
    /// queued until a worker takes it; a worker counts as busy before it takes an item and until after it has run it; and before it stops being busy, it
    /// has counted the item as completed. Suppose an item was queued or running at the first read. No worker was busy, so it was queued. Nothing was
    /// pending at the second read, so a worker had taken it by then. No worker was busy at the third, so that one had ended, and the number of completed
    /// items has grown since the beginning.
    /// One thing is in no number for an instant: an item that a worker has taken out of its own queue to hand it on, because the pool retires that
    /// worker. Hence the second round. (That the rounds read the busy workers, too, ends most looks early and keeps the reads of what is pending apart.)
    /// </remarks>
    internal static bool IsIdle<TPool>(TPool pool, int own)
        where TPool : IPoolNumbers
    {
        long completed = pool.Completed;
        return ShowsNothing(pool, own) && ShowsNothing(pool, own) && pool.Busy == own && pool.Completed == completed;
    }

    private static bool ShowsNothing<TPool>(TPool pool, int own)
        where TPool : IPoolNumbers =>
        pool.Busy == own && pool.Pending == 0;
}
