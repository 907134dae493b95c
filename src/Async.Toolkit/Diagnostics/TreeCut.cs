namespace Async.Toolkit.Diagnostics;

/// <summary>Cuts a tree down to a number of nodes: from the top, level by level, so that everything that is left still hangs together.</summary>
internal static class TreeCut
{
    /// <returns>How many nodes were cut that no node is left to answer for.</returns>
    public static int To(int maxNodes, List<LiveView> roots)
    {
        var level = new Queue<LiveView>();
        int kept = 0;
        int cut = Keep(roots);
        while (level.TryDequeue(out LiveView? view))
        {
            view.LeftOut += Keep(view.Below);
        }

        return cut;

        int Keep(List<LiveView> views)
        {
            int count = Math.Min(views.Count, maxNodes - kept);
            kept += count;
            for (int i = 0; i < count; i++)
            {
                level.Enqueue(views[i]);
            }

            int lost = views.Skip(count).Sum(Size);
            views.RemoveRange(count, views.Count - count);
            return lost;
        }
    }

    // Not by recursion: groups may be nested as deep as memory goes.
    private static int Size(LiveView top)
    {
        int size = 0;
        var left = new Stack<LiveView>([top]);
        while (left.TryPop(out LiveView? view))
        {
            size += 1 + view.LeftOut;
            view.Below.ForEach(left.Push);
        }

        return size;
    }
}
