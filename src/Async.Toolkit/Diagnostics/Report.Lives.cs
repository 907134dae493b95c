using Async.Toolkit.Internal;

namespace Async.Toolkit.Diagnostics;

// Groups and children as they come and go, for those who listen from outside. Listeners are user code: what they throw is theirs.
internal static partial class Report
{
    public static void GroupBegan(long group, string name)
    {
        if (ToolkitEventSource.Instance.TellsLives)
        {
            Tell(static (source, group, name) => source.GroupBegan(group, SourceText.OneLine(name)), group, name);
        }
    }

    public static void GroupEnded(long group, string outcome)
    {
        if (ToolkitEventSource.Instance.TellsLives)
        {
            Tell(static (source, group, outcome) => source.GroupEnded(group, outcome), group, outcome);
        }
    }

    /// <summary>Only of children that are followed: the others come and go unheard.</summary>
    public static void ChildBegan(long group, LiveChild child, CallerSite site)
    {
        if (ToolkitEventSource.Instance.TellsLives)
        {
            Tell(static (source, group, child) => source.ChildBegan(group, child.Number, child.site.Name, SourceText.Whole(child.site.File), child.site.Line), group, (child.Number, site));
        }
    }

    public static void ChildEnded(long group, LiveChild child, string outcome)
    {
        if (ToolkitEventSource.Instance.TellsLives)
        {
            Tell(static (source, group, child) => source.ChildEnded(group, child.Number, child.outcome), group, (child.Number, outcome));
        }
    }

    private static void Tell<T>(Action<ToolkitEventSource, long, T> write, long group, T what)
    {
        try
        {
            write(ToolkitEventSource.Instance, group, what);
        }
        catch (Exception)
        {
        }
    }
}
