namespace Async.Toolkit.Testing;

/// <summary>What happens next on a virtual clock: a timer fires, or a wait for the clock ends.</summary>
internal abstract class VirtualEvent
{
    /// <summary>Called on a worker of the pool; code of the user may run in it.</summary>
    /// <param name="clean">The context of a worker that runs nothing in particular.</param>
    public abstract void Happen(ExecutionContext clean);
}
