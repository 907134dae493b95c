using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>What is compared: the user's work, under the user's limit.</summary>
internal sealed record CompareSettings
{
    public static CompareSettings Default { get; } = new();

    public int Items { get; init; } = 400;

    public Latency Latency { get; init; } = Latency.Parse("5ms");

    public TimeSpan Cpu { get; init; } = TimeSpan.FromMicroseconds(50);

    public int Concurrency { get; init; } = 16;

    /// <summary>The share of items that fail in the rounds with failures; <see langword="null"/> for one item in the middle, 0 for no such rounds.</summary>
    public double? Failures { get; init; }

    public IReadOnlyList<Strategy> Strategies { get; init; } = Strategy.All;

    public int Rounds { get; init; } = 7;

    public int Seed { get; init; } = 1;

    public string Out { get; init; } = "artifacts/compare";

    /// <summary>The strategy that the ratios refer to: the one that people write by hand, if it takes part.</summary>
    public Strategy Baseline => Strategies.FirstOrDefault(static strategy => strategy.Name == "semaphore") ?? Strategies[0];

    public WorkPlan DrawPlan() => new(Items, Latency, Cpu, Seed);

    /// <summary>The items that fail in the rounds with failures.</summary>
    public IReadOnlySet<int> DrawFailing()
    {
        if (Failures is not { } share)
        {
            return new HashSet<int> { Items / 2 };
        }

        // Another stream of numbers than the plan's, so that the failures do not follow the waits.
        var random = new Random(~Seed);
        var failing = Enumerable.Range(0, Items).Where(_ => random.NextDouble() < share).ToHashSet();
        if (failing.Count == 0 && share > 0)
        {
            failing.Add(random.Next(Items));
        }

        return failing;
    }

    /// <summary>The command line that asks the same question again.</summary>
    public string ToCommandLine()
    {
        string failures = Failures is { } share ? FormattableString.Invariant($" --failures {share}") : "";
        string strategies = Strategies.Count == Strategy.All.Count ? "" : $" --strategies {string.Join(',', Strategies.Select(static strategy => strategy.Name))}";
        return $"compare --items {Items} --latency {Latency} --cpu {Duration.Show(Cpu)} --concurrency {Concurrency}{failures}{strategies} --rounds {Rounds} --seed {Seed}";
    }
}
