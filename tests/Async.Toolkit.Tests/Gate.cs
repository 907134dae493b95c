namespace Async.Toolkit.Tests;

/// <summary>A door that opens once. Whoever waits is never resumed on the opener's stack.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>For code under test; a test itself waits with <see cref="Reached"/>.</summary>
    public Task Opened => _opened.Task;

    public bool IsOpen => _opened.Task.IsCompleted;

    public void Open() => _opened.TrySetResult();

    public Task Reached() => _opened.Task.Guarded();
}
