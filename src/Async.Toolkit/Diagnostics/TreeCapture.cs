using System.Globalization;

namespace Async.Toolkit.Diagnostics;

/// <summary>Makes one snapshot: asks every node how it stands, puts each under its parent, and cuts what is too much.</summary>
internal sealed class TreeCapture(int maxNodes, bool mayAskClocks)
{
    // A hundred of them tell enough, and a node has to fit into one event.
    private const int MostWaiters = 100;

    private readonly Dictionary<LiveScope, LiveView> _byScope = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<CancellationToken, LiveView> _byToken = [];
    private readonly List<LiveView> _roots = [];
    private LiveChildren _children = null!;

    public TaskTreeSnapshot Run()
    {
        List<LiveNode> nodes = LiveRegistry.All();

        // Oldest first; what has no beginning, as a semaphore, last. Ids alone do not tell: they grow on several lists at once.
        nodes.Sort(static (a, b) => ((ulong)a.Started, a.Id).CompareTo(((ulong)b.Started, b.Id)));
        foreach (LiveNode node in nodes)
        {
            Describe(node);
        }

        var wanted = new HashSet<LiveScope>(nodes.Select(static node => node.Parent).OfType<LiveChild>(), ReferenceEqualityComparer.Instance);
        _children = new LiveChildren(wanted, Math.Max(0, maxNodes - nodes.Count - wanted.Count));
        foreach (LiveNode node in nodes)
        {
            node.AddChildren(_children, _byScope[node]);
        }

        foreach (LiveNode node in nodes)
        {
            Link(node);
        }

        foreach (LiveView semaphore in _byScope.Values.Where(static view => view.Waiters.Count > 0))
        {
            NameWaiters(semaphore);
        }

        int leftOut = TreeCut.To(maxNodes, _roots);
        return new TaskTreeSnapshot(_roots, leftOut);
    }

    private void Describe(LiveNode node)
    {
        var view = new LiveView(mayAskClocks) { Id = node.Id.ToString(CultureInfo.InvariantCulture) };
        node.Describe(view);
        _byScope[node] = view;
        if (view.Token.CanBeCanceled)
        {
            _byToken[view.Token] = view;
        }
    }

    private void Link(LiveNode node)
    {
        LiveView view = _byScope[node];
        view.Parent = Find(node.Parent) ?? Find(view.CallerToken) ?? Find(view.SecondToken);
        (view.Parent?.Below ?? _roots).Add(view);
    }

    private LiveView? Find(LiveScope? scope) => scope switch
    {
        null => null,
        LiveChild child => _children.Find(child),
        _ => _byScope.GetValueOrDefault(scope),
    };

    // Where the flow was not followed, or its child is over, the token still tells whose work it is.
    private LiveView? Find(CancellationToken token) => token.CanBeCanceled ? _byToken.GetValueOrDefault(token) : null;

    private void NameWaiters(LiveView semaphore)
    {
        var ids = new string[Math.Min(semaphore.Waiters.Count, MostWaiters)];
        for (int i = 0; i < semaphore.Waiters.Count; i++)
        {
            (LiveScope? scope, CancellationToken token) = semaphore.Waiters[i];
            LiveView? waiter = Find(scope) ?? Find(token);
            if (i < ids.Length)
            {
                ids[i] = waiter?.Id ?? "?";
            }

            if (waiter is not null)
            {
                waiter.WaitsFor = semaphore.Id;
                waiter.State = waiter is { Kind: TaskTreeNodeKind.Child or TaskTreeNodeKind.Item, State: TaskTreeState.Running } ? TaskTreeState.WaitingForPermit : waiter.State;
            }
        }

        semaphore.WaiterIds = ids;
    }
}
