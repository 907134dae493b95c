namespace Async.Toolkit.Testing;

/// <summary>
/// Counts the workers of the pool that are at work for whoever has called for a run, in the context of the call: what that code does next may well be what the body waits for.
/// </summary>
internal sealed class CallerFlow
{
    // Leaves a thread when the asynchronous method that has made the call returns there, at the latest with the item. The values belong to the calls that the code
    // has made so far, but for those whose run was over when it made the next one.
    private static readonly AsyncLocal<CallerFlow[]?> Calls = new(static change =>
    {
        // Each assignment is told, also of the value that was there.
        if (change.CurrentValue == change.PreviousValue || !Thread.CurrentThread.IsThreadPoolThread)
        {
            return;
        }

        CallerFlow[] before = change.PreviousValue ?? [];
        CallerFlow[] now = change.CurrentValue ?? [];
        foreach (CallerFlow flow in now.Except(before))
        {
            flow._flow.Enter();
        }

        foreach (CallerFlow flow in before.Except(now))
        {
            flow._flow.Leave();
        }
    });

    private RunFlow _flow;
    private volatile bool _isOver;

    public int Inside => _flow.Inside;

    /// <summary>What <see cref="RunFlow.State"/> is.</summary>
    public long State => _flow.State;

    /// <summary>The calling code has called for the run.</summary>
    public void Enter() => Calls.Value = [.. (Calls.Value ?? []).Where(static flow => !flow._isOver), this];

    /// <summary>The run is over; what its caller does from here on, it does for itself.</summary>
    public void End() => _isOver = true;

    /// <summary>For the body, which is counted by its run.</summary>
    public static void Leave() => Calls.Value = null;
}
