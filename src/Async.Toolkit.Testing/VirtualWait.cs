namespace Async.Toolkit.Testing;

/// <summary>A wait for the clock that somebody asked <see cref="VirtualTime"/> for.</summary>
internal class VirtualWait : VirtualEvent
{
    public VirtualWait(string name)
    {
        Name = name;

        // Its continuations may well run at once: whoever ends a wait is a worker of the pool with nothing else to do.
        Source = new TaskCompletionSource(this);
    }

    /// <summary>What was called; for messages.</summary>
    public string Name { get; }

    public Task End => Source.Task;

    protected TaskCompletionSource Source { get; }

    public override void Happen(ExecutionContext clean) => Source.TrySetResult();

    /// <summary>Lets go of whoever waits, a thread that blocks included: the clock moves no more.</summary>
    public void GiveUp()
    {
        // Behind one another their continuations could keep each other waiting.
        ThreadPool.UnsafeQueueUserWorkItem(
            static wait =>
            {
                // For an async method this is a cancellation: nobody who was left behind leaves an unobserved failure.
                if (wait.Source.TrySetException(new OperationCanceledException($"The virtual-time run was given up: this {wait.Name} would never end.")))
                {
                    _ = wait.End.Exception;
                }
            },
            this,
            preferLocal: false);
    }
}
