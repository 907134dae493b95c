namespace Async.Toolkit;

/// <summary>Where the children of a <see cref="TaskGroup"/> run.</summary>
public enum ChildContext
{
    /// <summary>
    /// On the thread pool, without any <see cref="SynchronizationContext"/>. The default. Children are taken in the order of the calls that add them; on
    /// several threads their first statements may overlap.
    /// </summary>
    ThreadPool,

    /// <summary>
    /// On the <see cref="SynchronizationContext"/> that was current when the group was created, by <see cref="SynchronizationContext.Post"/>
    /// in the order of the calls that add them; on the thread pool if there was none.
    /// </summary>
    Caller,
}
