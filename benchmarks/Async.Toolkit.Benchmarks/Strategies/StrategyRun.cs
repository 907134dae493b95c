namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>Runs <paramref name="body"/> for each item of <paramref name="source"/>, where the strategy can keep one, under a limit.</summary>
internal delegate Task StrategyRun(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken);
