using System.Collections.Concurrent;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// The names that measurements are tagged with, each on one line. Those beyond <paramref name="most"/> are told as one: whoever makes up a name for each
/// group must fill neither our memory nor a collector's.
/// </summary>
internal sealed class MetricNames(int most)
{
    private const string Others = "_OTHER";

    private readonly ConcurrentDictionary<string, string> _known = new();
    private int _count;

    public static MetricNames OfProcess { get; } = new(1000);

    public string Of(string name)
    {
        if (_known.TryGetValue(name, out string? known))
        {
            return known;
        }

        if (Volatile.Read(ref _count) >= most)
        {
            return Others;
        }

        // Several at once may go a little beyond the most.
        string clean = SourceText.Whole(name);
        if (_known.TryAdd(name, clean))
        {
            Interlocked.Increment(ref _count);
        }

        return clean;
    }
}
