namespace Async.Toolkit.Diagnostics;

/// <summary>
/// Cuts a tree down to a number of nodes, so that everything that is left still hangs together. Groups come first, from the top, level by level, each
/// together with the child that it was opened in; what is left goes to all others, again from the top.
/// </summary>
internal static class TreeCut
{
    /// <returns>How many nodes were cut that no node is left to answer for.</returns>
    public static int To(int maxNodes, List<LiveView> roots)
    {
        int room = maxNodes - KeepGroups(maxNodes, roots);
        var level = new Queue<LiveView>();
        int cut = Keep(roots);
        while (level.TryDequeue(out LiveView? view))
        {
            view.LeftOut += Keep(view.Below);
        }

        return cut;

        int Keep(List<LiveView> views)
        {
            foreach (LiveView view in views)
            {
                if (!view.IsKept && room > 0)
                {
                    view.IsKept = true;
                    room--;
                }

                if (view.IsKept)
                {
                    level.Enqueue(view);
                }
            }

            int lost = views.Where(static view => !view.IsKept).Sum(Size);
            views.RemoveAll(static view => !view.IsKept);
            return lost;
        }
    }

    /// <returns>How many nodes are kept for it.</returns>
    private static int KeepGroups(int most, List<LiveView> roots)
    {
        int kept = 0;
        var next = new Queue<(LiveView? Opener, LiveView Group)>();
        Add(null, roots);
        while (next.TryDequeue(out (LiveView? Opener, LiveView Group) found))
        {
            int needed = found.Opener is { IsKept: false } ? 2 : 1;
            if (needed > most - kept)
            {
                continue;
            }

            kept += needed;
            found.Group.IsKept = true;
            found.Opener?.IsKept = true;
            foreach (LiveView child in found.Group.Below.Where(static view => !IsGroup(view)))
            {
                Add(child, child.Below);
            }

            Add(null, found.Group.Below);
        }

        return kept;

        void Add(LiveView? opener, List<LiveView> views)
        {
            foreach (LiveView group in views.Where(IsGroup))
            {
                next.Enqueue((opener, group));
            }
        }
    }

    private static bool IsGroup(LiveView view) => view.Kind is TaskTreeNodeKind.Group or TaskTreeNodeKind.Gather or TaskTreeNodeKind.Pages;

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
