namespace Async.Toolkit.Testing;

/// <summary>Checks that tests have left nothing behind.</summary>
public static class LeakCheck
{
    /// <summary>Passes when no group, gather, loop over pages or semaphore with waiters is alive in this process.</summary>
    /// <remarks>
    /// It sees the whole process, as <see cref="Diagnostics.TaskTree"/> does: call it where no other test runs, at the end of a run of tests, say. Within
    /// a run on virtual time, <see cref="VirtualTimeOptions.CheckForLeaks"/> sees that run alone.
    /// </remarks>
    /// <exception cref="LeakException">Something is; the message draws it.</exception>
    public static void AssertNothingRuns()
    {
        if (LiveTree.Draw() is { } tree)
        {
            throw new LeakException($"This still runs:{Environment.NewLine}{tree}");
        }
    }
}
