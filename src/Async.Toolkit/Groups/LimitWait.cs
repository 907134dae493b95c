using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Groups;

/// <summary>Stands for the work of a child that waits for a place, while somebody wants to know for how long.</summary>
internal sealed class LimitWait(object work, long since, TaskGroupOptions options)
{
    /// <summary>The child is let in, or dropped: it waits no more, and has its own work again.</summary>
    public static WaitingChild End(in WaitingChild child)
    {
        if (child.Work is not LimitWait wait)
        {
            return child;
        }

        wait.End();
        return child with { Work = wait.Work };
    }

    private object Work => work;

    private void End() => Report.Waited(WaitKind.Limit, options.Name, options.TimeProvider, since);
}
