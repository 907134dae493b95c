namespace Async.Toolkit.Tests.Fakes;

/// <summary>A context whose <c>Post</c> is what the test says.</summary>
internal sealed class PostContext(Action<SendOrPostCallback, object?> post) : SynchronizationContext
{
    /// <summary>Runs what is posted on the poster's thread, before <c>Post</c> returns.</summary>
    public static PostContext Inline() => new(static (callback, state) => callback(state));

    public override void Post(SendOrPostCallback d, object? state) => post(d, state);

    /// <summary>Calls <paramref name="start"/> with this context current, and restores the former one.</summary>
    public T Enter<T>(Func<T> start)
    {
        SynchronizationContext? former = Current;
        SetSynchronizationContext(this);
        try
        {
            return start();
        }
        finally
        {
            SetSynchronizationContext(former);
        }
    }
}
