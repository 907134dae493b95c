using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// The counts of all groups of one name. They are read when somebody asks: a measurement for each child would cost more than the child.
/// </summary>
internal sealed class GroupCounts
{
    private static readonly ConcurrentDictionary<string, GroupCounts> ByName = new();

    // A group that ends hands its count over while nobody counts: it is never missing, and never there twice.
    private static readonly Lock HandingOver = new();

    private readonly StripedCount _started = new();
    private readonly KeyValuePair<string, object?> _name;

    private GroupCounts(string name) => _name = new(Tags.GroupName, name);

    public static GroupCounts Of(string group) => ByName.GetOrAdd(MetricNames.OfProcess.Of(group), static name => new(name));

    public static List<Measurement<long>> Started()
    {
        lock (HandingOver)
        {
            return Live(static group => group.CalledChildren, static counts => counts._started.Sum);
        }
    }

    public static List<Measurement<long>> ActiveGroups() => Live(static _ => 1, static _ => 0);

    public static List<Measurement<long>> ActiveChildren() => Live(static group => group.ActiveChildren, static _ => 0);

    public void AddStarted(long children) => _started.Add(children);

    /// <summary>A group of this name has ended and leaves the registry.</summary>
    public void Leave(LiveNode group)
    {
        lock (HandingOver)
        {
            _started.Add(group.CalledChildren);
            LiveRegistry.Leave(group);
        }
    }

    private static List<Measurement<long>> Live(Func<LiveNode, long> count, Func<GroupCounts, long> ended)
    {
        var live = new Dictionary<GroupCounts, long>();
        foreach (LiveNode node in LiveRegistry.All())
        {
            if (node.GroupName is { } name)
            {
                GroupCounts counts = Of(name);
                live[counts] = live.GetValueOrDefault(counts) + count(node);
            }
        }

        // A name whose groups have all ended is at zero, which has to be said: a collector keeps the last value that it was given.
        return [.. ByName.Values.Select(counts => new Measurement<long>(live.GetValueOrDefault(counts) + ended(counts), counts._name))];
    }
}
