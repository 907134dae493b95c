namespace Async.Toolkit.Diagnostics;

/// <summary>One line of a <see cref="TaskTreeSnapshot"/>: a group, a child, a gather or whatever else ran at that moment.</summary>
/// <remarks>Immutable. Names are source texts without their literals, or names that the program gave; nothing here is the value of an argument or a result.</remarks>
public sealed class TaskTreeNode
{
    internal TaskTreeNode(LiveView view, TaskTreeNode? parent, int depth)
    {
        Kind = view.Kind;
        Id = view.Id;
        ParentId = parent?.Id;
        Depth = depth;
        Name = view.Name;
        File = view.File;
        Line = view.Line;
        State = view.State;
        CancellationReason = view.Reason;
        Age = view.Age;
        Running = view.Running;
        Waiting = view.Waiting;
        LeftOut = view.LeftOut;
        Detail = view.Detail;
        WaitsFor = view.WaitsFor;
        Waiters = view.WaiterIds;
    }

    /// <summary>What it stands for.</summary>
    public TaskTreeNodeKind Kind { get; }

    /// <summary>Names it in this process for as long as it runs: <c>7</c> for a group, <c>7.12</c> for its twelfth child.</summary>
    /// <value><see langword="null"/> for a child that was started while the tree was off, and for one that has not started.</value>
    public string? Id { get; }

    /// <summary>The <see cref="Id"/> of the node that it stands under.</summary>
    /// <value><see langword="null"/> at the top.</value>
    public string? ParentId { get; }

    /// <summary>Its name on one line of at most 80 characters: the source text of a child, or the name that the program chose.</summary>
    /// <value>What would break the line, reorder it or not be seen in it is escaped as in C#: <c>\n</c>, <c>\u001b</c>.</value>
    public string Name { get; }

    /// <summary>The source file of the call that started it, as the compiler saw it.</summary>
    /// <value><see langword="null"/> where it is not known, as for groups.</value>
    public string? File { get; }

    /// <summary>The line in <see cref="File"/>; 0 where that is not known.</summary>
    public int Line { get; }

    /// <summary>What it was doing.</summary>
    public TaskTreeState State { get; }

    /// <summary>Why it was canceled.</summary>
    public CancellationReason CancellationReason { get; }

    /// <summary>For how long it had been running, by the clock in its options, to about 16 ms.</summary>
    /// <value><see langword="null"/> where nobody noted the beginning, because the tree was off.</value>
    public TimeSpan? Age { get; }

    /// <summary>How many children or items ran or were about to, of groups and gathers, listed or not; how many pages were being fetched, of loops.</summary>
    public int Running { get; }

    /// <summary>How many waited: children for the limit of their group, items for their rate limiter, callers for the semaphore.</summary>
    public int Waiting { get; }

    /// <summary>How many nodes below this one the snapshot had no room for.</summary>
    public int LeftOut { get; }

    /// <summary>More about it, in words: which page, how many permits are free.</summary>
    /// <value>Empty where there is no more.</value>
    public string Detail { get; }

    /// <summary>The <see cref="Id"/> of the semaphore that it waits for; of a group or gather, that its body or something within it waits for.</summary>
    /// <value><see langword="null"/> where it waits for none, or that is not known.</value>
    public string? WaitsFor { get; }

    /// <summary>Of a semaphore: the first hundred of those who wait, by <see cref="Id"/>, in the order of its queue.</summary>
    /// <value>A group stands for its child where that is not known, and <c>?</c> for nobody known. Empty for what is no semaphore.</value>
    public IReadOnlyList<string> Waiters { get; }

    /// <summary>What stands below it: children in the order of their starts, then the groups that were opened within it.</summary>
    public IReadOnlyList<TaskTreeNode> Children { get; internal set; } = [];

    /// <summary>How far from the top it stands.</summary>
    internal int Depth { get; }
}
