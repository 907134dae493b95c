namespace Async.Toolkit.Testing;

/// <summary>A wait for the clock that is no timer: until all has settled, or until an instant is over.</summary>
internal sealed class VirtualWait : VirtualEvent
{
    // Its continuations may well run at once: whoever ends a wait is a worker of the pool with nothing else to do.
    private readonly TaskCompletionSource _end = new();

    public Task End => _end.Task;

    public override void Happen(ExecutionContext clean) => _end.SetResult();
}
