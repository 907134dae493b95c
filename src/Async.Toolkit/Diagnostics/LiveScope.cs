namespace Async.Toolkit.Diagnostics;

/// <summary>What other work may have been started from: a node of the task tree, or one child of a group.</summary>
internal abstract class LiveScope
{
    private static readonly AsyncLocal<LiveScope?> Flow = new();

    /// <summary>What this code runs in, across awaits. Only followed while the task tree is on: each step costs a new context.</summary>
    public static LiveScope? Current
    {
        get => Flow.Value;
        set => Flow.Value = value!;
    }
}
