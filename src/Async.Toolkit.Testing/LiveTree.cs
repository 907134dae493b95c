using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Testing;

/// <summary>The one place where the task tree of the library enters messages.</summary>
internal static class LiveTree
{
    /// <summary>All that is alive in the process, drawn for people; <see langword="null"/> when nothing is, apart from the runs themselves.</summary>
    public static string? Draw() => Capture() is { } tree && tree.Nodes.Any(static node => !RunScope.IsScope(node)) ? tree.ToString().TrimEnd() : null;

    /// <summary>What is alive below the run with this name, a line for each node.</summary>
    public static IReadOnlyList<string> Below(string name)
    {
        TaskTreeNode? scope = Capture()?.Nodes.FirstOrDefault(node => RunScope.IsScope(node) && node.Name == name);
        return scope is null ? [] : [.. scope.Children.SelectMany(static node => Lines(node, ""))];
    }

    private static TaskTreeSnapshot? Capture()
    {
        try
        {
            return TaskTree.Capture();
        }
        catch (Exception)
        {
            // The clock of some group has thrown; the message does without the tree.
            return null;
        }
    }

    private static IEnumerable<string> Lines(TaskTreeNode node, string indent)
    {
        string place = node.File is null ? "" : $" ({Path.GetFileName(node.File)}:{node.Line})";
        return
        [
            $"{indent}{node.Kind} '{node.Name}'{place}, {node.Running} running, {node.Waiting} waiting",
            .. node.Children.SelectMany(child => Lines(child, indent + "  ")),
        ];
    }
}
