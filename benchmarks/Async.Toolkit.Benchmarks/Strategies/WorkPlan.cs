namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>What each item does, drawn once: every strategy and every round gets exactly the same work.</summary>
internal sealed class WorkPlan
{
    private readonly int[] _waits;
    private readonly long _turns;

    public WorkPlan(int items, Latency latency, TimeSpan cpu, int seed)
    {
        var random = new Random(seed);
        _waits = new int[items];
        for (int i = 0; i < items; i++)
        {
            _waits[i] = latency.Next(random);
        }

        _turns = CpuWork.TurnsFor(cpu);
        NeverWaits = Array.TrueForAll(_waits, static wait => wait == 0);
    }

    public int Count => _waits.Length;

    public IEnumerable<int> Items => Enumerable.Range(0, _waits.Length);

    /// <summary>Whether every item runs from its beginning to its end without giving its thread away.</summary>
    public bool NeverWaits { get; }

    /// <summary>How many milliseconds the item waits, 0 for not at all, or <see cref="Latency.Yield"/>.</summary>
    public int WaitOf(int item) => _waits[item];

    public void Compute() => CpuWork.Spin(_turns);
}
