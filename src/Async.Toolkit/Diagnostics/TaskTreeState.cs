namespace Async.Toolkit.Diagnostics;

/// <summary>What a <see cref="TaskTreeNode"/> is doing.</summary>
public enum TaskTreeState
{
    /// <summary>It runs. Of a loop over pages: a page is being fetched. Of a semaphore: permits are held, and somebody waits.</summary>
    Running,

    /// <summary>The body of the group has returned, and the group waits for its children.</summary>
    Joining,

    /// <summary>The cancellation was asked for and it has not ended yet.</summary>
    Canceling,

    /// <summary>A child may start and waits for a thread of the pool.</summary>
    WaitingForThread,

    /// <summary>A child waits until <see cref="TaskGroupOptions.MaxConcurrency"/> lets it start.</summary>
    WaitingForLimit,

    /// <summary>A child or an item waits for a permit of an <see cref="AsyncSemaphore"/>, an item also for one of its rate limiter.</summary>
    WaitingForPermit,

    /// <summary>The loop is busy with a page, and no other one is being fetched.</summary>
    Consuming,
}
