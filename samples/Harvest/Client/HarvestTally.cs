namespace Harvest.Client;

/// <summary>How far a harvest is, and how its requests ended. Counted from many threads at once.</summary>
internal sealed class HarvestTally
{
    private long _expected;
    private long _records;
    private int _planned;
    private int _started;
    private int _answered;
    private int _failed;

    /// <summary>Called after every change, from the thread that made it.</summary>
    public Action<HarvestTally>? Changed { get; init; }

    /// <summary>How many records there will be; zero as long as that is not known.</summary>
    public long Expected => Volatile.Read(ref _expected);

    public long Records => Volatile.Read(ref _records);

    public int Answered => _answered;

    /// <summary>Requests that were under way and ended without an answer.</summary>
    public int BrokenOff => _started - _answered - _failed;

    public int NeverStarted => _planned - _started;

    public void Expect(long records)
    {
        Volatile.Write(ref _expected, records);
        Changed?.Invoke(this);
    }

    public void Add(long records)
    {
        Interlocked.Add(ref _records, records);
        Changed?.Invoke(this);
    }

    /// <summary>So many requests will be made, if all goes well.</summary>
    public void Plan(int requests) => _planned = requests;

    public void Start() => Interlocked.Increment(ref _started);

    public void Answer() => Interlocked.Increment(ref _answered);

    public void Fail() => Interlocked.Increment(ref _failed);
}
