using System.Globalization;
using System.Text;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Diagnostics;

/// <summary>Draws a snapshot for people.</summary>
internal static class TreeText
{
    // Deeper lines are drawn at this depth and say how deep they are: nobody can read further to the right.
    private const int MostIndents = 32;
    private const int MostWaiters = 10;

    public static string Draw(TaskTreeSnapshot tree)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{tree.Total} {(tree.Total == 1 ? "node" : "nodes")}");
        if (tree.LeftOut > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", {tree.LeftOut} of them left out");
        }

        text.Append('\n');
        var goesOn = new bool[MostIndents];
        var last = new HashSet<TaskTreeNode>(ReferenceEqualityComparer.Instance);
        MarkLast(tree.Roots, last);
        foreach (TaskTreeNode node in tree.Nodes)
        {
            MarkLast(node.Children, last);
            Branch(text, node, last.Contains(node), goesOn);
            AppendLine(text, node);
        }

        return text.ToString();
    }

    private static void MarkLast(IReadOnlyList<TaskTreeNode> siblings, HashSet<TaskTreeNode> last)
    {
        if (siblings.Count > 0)
        {
            last.Add(siblings[^1]);
        }
    }

    private static void Branch(StringBuilder text, TaskTreeNode node, bool isLast, bool[] goesOn)
    {
        int indents = Math.Min(node.Depth, MostIndents - 1);
        for (int i = 0; i < indents; i++)
        {
            text.Append(goesOn[i] ? "│  " : "   ");
        }

        goesOn[indents] = !isLast;
        text.Append(isLast ? "└─ " : "├─ ");
        if (node.Depth > indents)
        {
            text.Append(CultureInfo.InvariantCulture, $"(level {node.Depth}) ");
        }
    }

    private static void AppendLine(StringBuilder text, TaskTreeNode node)
    {
        string name = KindOf(node.Kind) is { } kind ? Words(kind, node.Name.Length == 0 ? "" : $"'{node.Name}'") : node.Name;
        text.Append(SourceText.Place(Words(name, node.Id is null ? "" : $"#{node.Id}"), node.File, node.Line));
        if (node.Age is { } age)
        {
            text.Append(", ").Append(Duration(age));
        }

        foreach (string part in Parts(node))
        {
            text.Append(", ").Append(part);
        }

        text.Append('\n');
    }

    private static IEnumerable<string> Parts(TaskTreeNode node)
    {
        if (State(node) is { } state)
        {
            yield return state;
        }

        if (node.Kind is TaskTreeNodeKind.Group or TaskTreeNodeKind.Gather)
        {
            yield return $"{node.Running} running";
        }

        if (node.Waiting > 0)
        {
            yield return $"{node.Waiting} waiting";
        }

        if (node.Detail.Length > 0)
        {
            yield return node.Detail;
        }

        if (node.WaitsFor is not null)
        {
            yield return $"waits for semaphore #{node.WaitsFor}";
        }

        if (node.Waiters.Count > 0)
        {
            string more = node.Waiting > MostWaiters ? " …" : "";
            yield return $"queue: {string.Join(" ", node.Waiters.Take(MostWaiters).Select(static id => id == "?" ? id : $"#{id}"))}{more}";
        }

        if (node.LeftOut > 0)
        {
            yield return $"{node.LeftOut} left out";
        }
    }

    private static string? State(TaskTreeNode node) => node.State switch
    {
        TaskTreeState.Canceling => $"canceling ({node.CancellationReason})",
        TaskTreeState.Joining => "the body has returned",
        TaskTreeState.WaitingForLimit => "waits for the limit",
        TaskTreeState.WaitingForPermit when node.WaitsFor is null => "waits for a permit",
        TaskTreeState.Running when node.Kind == TaskTreeNodeKind.Pages => "a page is being fetched",
        TaskTreeState.Consuming => "the loop is busy with a page",
        _ => null,
    };

    private static string? KindOf(TaskTreeNodeKind kind) => kind switch
    {
        TaskTreeNodeKind.Group => "group",
        TaskTreeNodeKind.Gather => "gather",
        TaskTreeNodeKind.Pages => "pages",
        TaskTreeNodeKind.Semaphore => "semaphore",
        _ => null,
    };

    private static string Words(string first, string second) => second.Length == 0 ? first : $"{first} {second}";

    private static string Duration(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:F1} s"),
        { TotalHours: < 1 } => $"{age.Minutes} min {age.Seconds} s",
        { TotalDays: < 1 } => $"{age.Hours} h {age.Minutes} min",
        _ => $"{age.Days} d {age.Hours} h",
    };
}
