namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>One way to run the same work for each of many items.</summary>
/// <param name="Name">The short name for the command line.</param>
/// <param name="Title">What stands in tables and charts.</param>
/// <param name="RunAsync">The code itself, the same for the suite and for <c>compare</c>.</param>
internal sealed record Strategy(string Name, string Title, StrategyRun RunAsync)
{
    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<Strategy> All { get; } =
    [
        new("sequential", "one after another", BclStrategies.SequentialAsync),
        new("whenall", "Task.WhenAll", BclStrategies.WhenAllAsync) { KeepsLimit = false },
        new("semaphore", "SemaphoreSlim + WhenAll", BclStrategies.SemaphoreSlimAsync) { StartsOnCaller = true },
        new("parallel", "Parallel.ForEachAsync", BclStrategies.ParallelForEachAsync),
        new("dataflow", "Dataflow ActionBlock", BclStrategies.DataflowAsync),
        new("channel", "Channel + workers", BclStrategies.ChannelWorkersAsync),
        new("taskgroup", "TaskGroup", ToolkitStrategies.TaskGroupAsync) { IsOurs = true },
        new("gather", "Gather.ForEachAsync", ToolkitStrategies.GatherAsync) { IsOurs = true },
    ];

    /// <summary>Whether it belongs to this library.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Whether it holds to the limit; otherwise it runs everything at once.</summary>
    public bool KeepsLimit { get; init; } = true;

    /// <summary>
    /// Whether it calls the body on the caller's thread. Work that never waits would then run there one by one, so people wrap it in
    /// <c>Task.Run</c>, and so does <see cref="BodyFor"/>.
    /// </summary>
    public bool StartsOnCaller { get; init; }

    public static Strategy Named(string name) => All.Single(strategy => strategy.Name == name);

    /// <summary>The work in the form that this strategy needs.</summary>
    public Func<int, CancellationToken, ValueTask> BodyFor(Work work) =>
        StartsOnCaller && work.Plan.NeverWaits
            ? (item, cancellationToken) => new ValueTask(Task.Run(() => work.RunAsync(item, cancellationToken).AsTask(), cancellationToken))
            : work.RunAsync;

    public override string ToString() => Title;
}
