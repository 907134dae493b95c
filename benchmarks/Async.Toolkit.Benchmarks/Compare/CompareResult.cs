using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>The answer to one question.</summary>
internal sealed record CompareResult(CompareSettings Settings, DateTimeOffset At, string Machine, int FailingItems, IReadOnlyList<StrategyResult> Strategies)
{
    /// <summary>Ratios are taken within each round and then summarized: what slows a whole round down slows both sides of the ratio.</summary>
    public static Summary RatioOf(IReadOnlyList<Run> runs, IReadOnlyList<Run> baseline) =>
        Summary.Of(runs.Zip(baseline, static (run, other) => run.Milliseconds / other.Milliseconds));

    public StrategyResult Baseline => Strategies.Single(result => result.Strategy == Settings.Baseline);

    /// <summary>The fastest of those that keep the limit, if any does.</summary>
    public StrategyResult Fastest =>
        Strategies.OrderByDescending(static result => result.Strategy.KeepsLimit).ThenBy(static result => result.Milliseconds.Median).First();
}
