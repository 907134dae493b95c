namespace Async.Toolkit.Gathering;

/// <summary>Items of a gather that have something in common, for the task tree. Its lock is held for a single access each time.</summary>
internal sealed class LiveItems
{
    private readonly HashSet<long> _items = [];

    public int Count
    {
        get
        {
            lock (_items)
            {
                return _items.Count;
            }
        }
    }

    public void Add(long item)
    {
        lock (_items)
        {
            _items.Add(item);
        }
    }

    public void Remove(long item)
    {
        lock (_items)
        {
            _items.Remove(item);
        }
    }

    public bool Contains(long item)
    {
        lock (_items)
        {
            return _items.Contains(item);
        }
    }
}
