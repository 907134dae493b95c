using System.Diagnostics.Metrics;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// The counts of all groups of one name. They are read when somebody asks: a measurement for each child would cost more than the child.
/// </summary>
internal sealed class GroupCounts
{
    private const int MostNames = 1000;

    private static readonly NamedCounts<GroupCounts> ByName = new(MostNames, static name => new(name));

    private readonly StripedCount _started = new();
    private readonly KeyValuePair<string, object?> _name;

    private GroupCounts(string name) => _name = new(Tags.GroupName, name);

    public static GroupCounts Of(string group) => ByName.Of(group);

    public static IEnumerable<Measurement<long>> Started() =>
        ByName.All.Select(static counts => new Measurement<long>(counts._started.Sum, counts._name));

    public static IEnumerable<Measurement<long>> ActiveGroups() => Active(static _ => 1);

    public static IEnumerable<Measurement<long>> ActiveChildren() => Active(static group => group.ActiveChildren);

    public void AddStarted(int children) => _started.Add(children);

    private static List<Measurement<long>> Active(Func<LiveNode, int> count)
    {
        var active = new Dictionary<GroupCounts, long>();
        foreach (LiveNode node in LiveRegistry.All())
        {
            if (node.GroupName is { } name)
            {
                GroupCounts counts = Of(name);
                active[counts] = active.GetValueOrDefault(counts) + count(node);
            }
        }

        // A name whose groups have all ended is at zero, which has to be said: a collector keeps the last value that it was given.
        return [.. ByName.All.Select(counts => new Measurement<long>(active.GetValueOrDefault(counts), counts._name))];
    }
}
