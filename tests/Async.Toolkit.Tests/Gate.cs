namespace Async.Toolkit.Tests;

/// <summary>A door that opens once, by as many calls as the test says. Whoever waits is never resumed on the opener's stack.</summary>
internal sealed class Gate(int calls = 1)
{
    private int _missing = calls;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>For code under test; a test itself waits with <see cref="Reached"/>.</summary>
    public Task Opened => _opened.Task;

    public bool IsOpen => _opened.Task.IsCompleted;

    public void Open()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _opened.SetResult();
        }
    }

    public Task Reached() => _opened.Task.Guarded();
}
