using System.Collections.Concurrent;

namespace Async.Toolkit.Diagnostics;

/// <summary>
/// One object for each name. Names beyond <paramref name="most"/> share one: whoever makes up a name for each group must not fill the memory.
/// </summary>
internal sealed class NamedCounts<T>(int most, Func<string, T> create)
{
    private const string Others = "_OTHER";

    private readonly ConcurrentDictionary<string, T> _byName = new();

    public ICollection<T> All => _byName.Values;

    public T Of(string name) =>
        _byName.TryGetValue(name, out T? known) ? known : _byName.GetOrAdd(_byName.Count < most ? name : Others, create);
}
