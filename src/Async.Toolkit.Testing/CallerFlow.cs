namespace Async.Toolkit.Testing;

/// <summary>
/// Counts the workers of the pool that run in the context of somebody who has called for a run: what that code does next may well be what the body waits for.
/// </summary>
internal static class CallerFlow
{
    // Leaves a thread when the asynchronous method that has made the call returns there, at the latest with the item.
    private static readonly AsyncLocal<bool> Mark = new(static change =>
    {
        // Each assignment is told, also of the value that was there.
        if (change.CurrentValue == change.PreviousValue || !Thread.CurrentThread.IsThreadPoolThread)
        {
            return;
        }

        if (change.CurrentValue)
        {
            _flow.Enter();
        }
        else
        {
            _flow.Leave();
        }
    });

    private static RunFlow _flow;

    public static int Inside => _flow.Inside;

    /// <summary>What <see cref="RunFlow.State"/> is.</summary>
    public static long State => _flow.State;

    public static void Enter() => Mark.Value = true;

    /// <summary>For the body, which is counted by its run.</summary>
    public static void Leave() => Mark.Value = false;
}
