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
        ThreadPool.UnsafeQueueUserWorkItem(static wait => wait.LetGo(), this, preferLocal: false);
    }

    /// <summary>Ends the wait as a cancellation.</summary>
    protected virtual void LetGo() => Source.TrySetFromTask(GivenUpAsync());

    // Canceled, not failed: nobody who was left behind, nor whatever combines several waits, leaves an unobserved failure. Only an async
    // method makes such a task with a message of its own.
    private async Task GivenUpAsync()
    {
        await Task.CompletedTask.ConfigureAwait(false);
        throw new OperationCanceledException($"The virtual-time run was given up: this {Name} would never end.");
    }
}
