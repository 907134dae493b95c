namespace Async.Toolkit;

/// <summary>Settings of one child of a <see cref="TaskGroup"/>. Immutable, so one object can serve many children and threads.</summary>
public sealed class ChildOptions
{
    /// <summary>The child's name in logs, warnings and snapshots.</summary>
    /// <value>Default <see langword="null"/>: the child is named by its own source text. Longer names are cut to 80 characters when shown.</value>
    public string? Name { get; init; }

    /// <summary>Cancels this child alone.</summary>
    /// <value>
    /// Default: a token that is never canceled. The token that the child's delegate receives is canceled by this one and by the group's. A child
    /// that ends by it is canceled, which is no failure of the group; one that still waits to start never runs.
    /// </value>
    public CancellationToken CancellationToken { get; init; }
}
