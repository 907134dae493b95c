using System.Collections.Concurrent;

namespace Async.Toolkit.Tests.Fakes;

/// <summary>A context with one thread of its own, as a user interface has it.</summary>
internal sealed class LoopContext : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];
    private readonly Thread _thread;

    public LoopContext()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = nameof(LoopContext) };
        _thread.Start();
    }

    public bool IsCurrentThread => Thread.CurrentThread == _thread;

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    /// <summary>Calls <paramref name="start"/> on the loop's thread and gives the task that it returns.</summary>
    public Task Invoke(Func<Task> start)
    {
        var started = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            try
            {
                started.SetResult(start());
            }
            catch (Exception thrown)
            {
                started.SetException(thrown);
            }
        }, null);
        return started.Task.Unwrap();
    }

    public void Dispose()
    {
        _posted.CompleteAdding();
        _thread.Join();
        _posted.Dispose();
    }

    private void Loop()
    {
        SetSynchronizationContext(this);
        foreach ((SendOrPostCallback callback, object? state) in _posted.GetConsumingEnumerable())
        {
            callback(state);
        }
    }
}
