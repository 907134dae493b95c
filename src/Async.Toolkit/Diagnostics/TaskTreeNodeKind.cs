namespace Async.Toolkit.Diagnostics;

/// <summary>What a <see cref="TaskTreeNode"/> stands for.</summary>
public enum TaskTreeNodeKind
{
    /// <summary>A <see cref="TaskGroup"/>.</summary>
    Group,

    /// <summary>A child of a group.</summary>
    Child,

    /// <summary>A call of <see cref="Async.Toolkit.Gather"/>.</summary>
    Gather,

    /// <summary>An item of a gather that is under way, or its source while an item is waited for.</summary>
    Item,

    /// <summary>A loop over a paginated source.</summary>
    Pages,

    /// <summary>An <see cref="AsyncSemaphore"/> that somebody waits for.</summary>
    Semaphore,
}
