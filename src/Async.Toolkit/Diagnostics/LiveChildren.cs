namespace Async.Toolkit.Diagnostics;

/// <summary>Collects the children of groups for a snapshot: those that a listed group was opened in, and others as long as there is room.</summary>
internal sealed class LiveChildren(IReadOnlySet<LiveScope> wanted, int room)
{
    private readonly Dictionary<LiveScope, LiveView> _byScope = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many of those that nobody looks for may still be added.</summary>
    public int Room { get; private set; } = room;

    /// <summary>Scopes that something was started from: their children are listed whether there is room or not.</summary>
    public IReadOnlySet<LiveScope> Wanted => wanted;

    public LiveView? Find(LiveScope scope) => _byScope.GetValueOrDefault(scope);

    /// <summary>A new view below <paramref name="parent"/>.</summary>
    public LiveView Add(LiveView parent, LiveChild? scope)
    {
        LiveView child = parent.NewChild();
        parent.Below.Add(child);
        if (scope is not null)
        {
            _byScope[scope] = child;
        }

        if (scope is null || !wanted.Contains(scope))
        {
            Room = Math.Max(0, Room - 1);
        }

        return child;
    }
}
