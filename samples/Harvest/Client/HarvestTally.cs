namespace Harvest.Client;

/// <summary>How far a harvest is, and how its requests for records ended. Counted from many threads at once.</summary>
internal sealed class HarvestTally
{
    private int _namespaces;
    private int _started;
    private int _gathered;
    private int _failed;
    private int _types;

    /// <summary>Called after every change, from the thread that made it.</summary>
    public Action<HarvestTally>? Changed { get; init; }

    /// <summary>How many requests there will be; zero as long as that is not known.</summary>
    public int Namespaces => _namespaces;

    public int Gathered => _gathered;

    public int Types => _types;

    /// <summary>Requests that were under way and ended without an answer.</summary>
    public int BrokenOff => _started - _gathered - _failed;

    public int NeverStarted => _namespaces - _started;

    public void Expect(int namespaces)
    {
        _namespaces = namespaces;
        Changed?.Invoke(this);
    }

    public void Start() => Interlocked.Increment(ref _started);

    public void Fail() => Interlocked.Increment(ref _failed);

    public void Gather(int types)
    {
        Interlocked.Add(ref _types, types);
        Interlocked.Increment(ref _gathered);
        Changed?.Invoke(this);
    }
}
