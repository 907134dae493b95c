using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>All that was seen of one strategy.</summary>
internal sealed record StrategyResult(Strategy Strategy, IReadOnlyList<Run> Runs, Summary Ratio, long PeakLiveBytes, Aftermath? Aftermath)
{
    public Summary Milliseconds { get; } = Summary.Of(Runs.Select(static run => run.Milliseconds));

    public double AllocatedBytes { get; } = Summary.Of(Runs.Select(static run => (double)run.AllocatedBytes)).Median;

    public int MostInFlight { get; } = Runs.Max(static run => run.MostInFlight);
}
