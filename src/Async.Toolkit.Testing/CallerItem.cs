namespace Async.Toolkit.Testing;

/// <summary>The work item of the pool in which somebody has called for a run: known until it ends, whatever context it runs in then.</summary>
/// <remarks>
/// An async method that calls for a run takes its context back when it returns, and its caller works on without it. What stays until the item ends is the name of the thread, which
/// the pool then resets. Somebody who names the thread himself behind the call hides the item.
/// </remarks>
internal readonly struct CallerItem
{
    [ThreadStatic]
    private static string? _lastName;

    private readonly Thread? _thread;
    private readonly string? _name;

    private CallerItem(Thread thread)
    {
        // Of several calls in one item none may take the name of another away.
        if (_lastName is null || !ReferenceEquals(thread.Name, _lastName))
        {
            // A string that nobody else has.
            _lastName = $"{thread.Name} (called VirtualTime.RunAsync)";
            thread.Name = _lastName;
        }

        _thread = thread;
        _name = _lastName;
    }

    /// <summary>That of the calling code; none on a thread that is not the pool's.</summary>
    public static CallerItem Current => Thread.CurrentThread is { IsThreadPoolThread: true } thread ? new CallerItem(thread) : default;

    /// <summary>Whether it has not ended; then its worker has been busy all the while.</summary>
    public bool GoesOn => _thread is not null && ReferenceEquals(_thread.Name, _name);

    /// <summary>Whether its thread waits right now, in any way that the runtime knows of: <c>Wait</c>, <c>Join</c>, <c>Sleep</c>, a lock.</summary>
    public bool IsBlocked => GoesOn && (_thread!.ThreadState & ThreadState.WaitSleepJoin) != 0;

    public bool IsSameAs(CallerItem other) => ReferenceEquals(_name, other._name);
}
