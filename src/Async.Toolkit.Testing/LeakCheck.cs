namespace Async.Toolkit.Testing;

/// <summary>Checks that tests have left nothing behind.</summary>
public static class LeakCheck
{
    /// <summary>Passes when no group, gather, page sequence or other scope of the library is alive in this process.</summary>
    /// <exception cref="LeakException">Something is; the message draws it.</exception>
    public static void AssertNothingRuns()
    {
        if (LiveTree.Draw() is { } tree)
        {
            throw new LeakException($"This still runs:{Environment.NewLine}{tree}");
        }
    }
}
