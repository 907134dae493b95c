namespace Async.Toolkit.Testing;

/// <summary>Counts the workers of the pool that are at work for a run: in the context of its body, or as its pump.</summary>
/// <remarks>
/// The numbers of the pool tell more, as they count those too that have given the context up; but they do not tell whose work it is.
/// </remarks>
internal struct RunFlow
{
    private const long Entry = 1L << 32;

    // The entries so far above, those that are inside now below.
    private long _state;

    /// <summary>Changes with every entry and every exit; read before a look at the pool and after it, it tells whether anybody has been about meanwhile.</summary>
    public readonly long State => Volatile.Read(in _state);

    public readonly int Inside => InsideOf(State);

    public static int InsideOf(long state) => (int)(state & (Entry - 1));

    public void Enter() => Interlocked.Add(ref _state, Entry + 1);

    public void Leave() => Interlocked.Decrement(ref _state);
}
