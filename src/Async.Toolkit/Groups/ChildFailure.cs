namespace Async.Toolkit;

/// <summary>A child that failed, as <see cref="TaskGroupOptions.ChildFailed"/> sees it. Immutable.</summary>
public sealed class ChildFailure
{
    internal ChildFailure(string groupName, string childName, string filePath, int lineNumber, IReadOnlyList<Exception> exceptions)
    {
        GroupName = groupName;
        ChildName = childName;
        FilePath = filePath;
        LineNumber = lineNumber;
        Exceptions = exceptions;
    }

    /// <summary>The name of the group.</summary>
    public string GroupName { get; }

    /// <summary>The name of the child: its own source text on one line with literals shown as <c>…</c>, or <see cref="ChildOptions.Name"/>.</summary>
    public string ChildName { get; }

    /// <summary>The source file of the call that started the child.</summary>
    public string FilePath { get; }

    /// <summary>The line of the call that started the child.</summary>
    public int LineNumber { get; }

    /// <summary>The first failure: the original object.</summary>
    public Exception Exception => Exceptions[0];

    /// <summary>All failures of the child, at least one. More than one where the child's task held several.</summary>
    public IReadOnlyList<Exception> Exceptions { get; }
}
