namespace Async.Toolkit.Diagnostics;

/// <summary>What ran in this process at one moment, as <see cref="TaskTree.Capture"/> saw it. Immutable.</summary>
/// <remarks>
/// Nothing stands still for it: a node that came or went while the snapshot was made may be in it or not. Whatever ran all the time is in it, once,
/// or counted in <see cref="LeftOut"/>.
/// </remarks>
public sealed class TaskTreeSnapshot
{
    internal TaskTreeSnapshot(List<LiveView> roots, int leftOutAtTop)
    {
        var nodes = new List<TaskTreeNode>();
        var left = new Stack<(LiveView View, List<TaskTreeNode> Siblings, TaskTreeNode? Parent)>();
        var top = new List<TaskTreeNode>();
        Push(roots, top, null);
        while (left.TryPop(out (LiveView View, List<TaskTreeNode> Siblings, TaskTreeNode? Parent) next))
        {
            var node = new TaskTreeNode(next.View, next.Parent, (next.Parent?.Depth ?? -1) + 1);
            nodes.Add(node);
            next.Siblings.Add(node);
            LeftOut += node.LeftOut;
            if (next.View.Below.Count > 0)
            {
                var children = new List<TaskTreeNode>(next.View.Below.Count);
                node.Children = children.AsReadOnly();
                Push(next.View.Below, children, node);
            }
        }

        LeftOut += leftOutAtTop;
        Roots = top.AsReadOnly();
        Nodes = nodes.AsReadOnly();

        void Push(List<LiveView> views, List<TaskTreeNode> siblings, TaskTreeNode? parent)
        {
            for (int i = views.Count - 1; i >= 0; i--)
            {
                left.Push((views[i], siblings, parent));
            }
        }
    }

    /// <summary>When it was made, by the system's clock.</summary>
    public DateTimeOffset CapturedAt { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>What stands at the top: groups, gathers and loops over pages that were started from nowhere known, and semaphores.</summary>
    public IReadOnlyList<TaskTreeNode> Roots { get; }

    /// <summary>All nodes, each before what stands below it.</summary>
    public IReadOnlyList<TaskTreeNode> Nodes { get; }

    /// <summary>How many nodes there was no room for.</summary>
    public int LeftOut { get; }

    /// <summary>How many nodes there were, listed or not.</summary>
    public int Total => Nodes.Count + LeftOut;

    /// <summary>Draws the tree for people, one line for each node.</summary>
    /// <returns>The text; its lines end with a single line feed.</returns>
    public override string ToString() => TreeText.Draw(this);

    /// <summary>Writes the tree for tools, as one JSON object; docs/diagnostics-tree.md describes it.</summary>
    /// <returns>The text, without line breaks.</returns>
    public string ToJson() => TreeJson.Write(this);
}
