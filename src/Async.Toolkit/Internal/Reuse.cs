namespace Async.Toolkit.Internal;

/// <summary>Keeps objects for reuse: one for each thread, which takes no lock, and some more for everybody.</summary>
internal static class Reuse<T>
    where T : class
{
    // Enough for a server's concurrent calls, little enough to be kept for ever.
    private const int MostShared = 256;

    private static readonly Stack<T> Shared = new();

    [ThreadStatic]
    private static T? _own;

    public static T? Take()
    {
        if (_own is { } own)
        {
            _own = null;
            return own;
        }

        lock (Shared)
        {
            return Shared.TryPop(out T? shared) ? shared : null;
        }
    }

    /// <summary>Gives <see langword="false"/> when there are enough already and <paramref name="item"/> was not kept.</summary>
    public static bool Give(T item)
    {
        if (_own is null)
        {
            _own = item;
            return true;
        }

        lock (Shared)
        {
            if (Shared.Count >= MostShared)
            {
                return false;
            }

            Shared.Push(item);
            return true;
        }
    }
}
