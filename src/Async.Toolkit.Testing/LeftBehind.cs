namespace Async.Toolkit.Testing;

/// <summary>
/// The runs that were given up while their code ran on the pool, for messages: where it still does, it stops the clocks of those runs that go on meanwhile. Those that begin
/// later, behind the last of these, take it for the host's (<see cref="HostWorkers"/>) if it blocks all the while.
/// </summary>
internal static class LeftBehind
{
    private static readonly Lock Gate = new();

    // Whatever still runs is held by its thread.
    private static readonly List<WeakReference<VirtualRun>> Runs = [];

    public static void Add(VirtualRun run)
    {
        lock (Gate)
        {
            Runs.RemoveAll(static other => StillRuns(other) is null);
            Runs.Add(new WeakReference<VirtualRun>(run));
        }
    }

    /// <summary>The names of the bodies.</summary>
    public static IReadOnlyList<string> Names()
    {
        lock (Gate)
        {
            return [.. Runs.Select(StillRuns).OfType<VirtualRun>().Select(static run => run.Name)];
        }
    }

    private static VirtualRun? StillRuns(WeakReference<VirtualRun> reference) =>
        reference.TryGetTarget(out VirtualRun? run) && run.Inside > 0 ? run : null;
}
