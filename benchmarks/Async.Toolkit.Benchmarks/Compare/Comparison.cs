using System.Diagnostics;
using System.Runtime.InteropServices;
using Async.Toolkit.Benchmarks.Compare.Output;
using Async.Toolkit.Benchmarks.Strategies;
using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>Measures: a warm-up, the rounds, one run that samples memory, one run with failures, for each strategy.</summary>
internal sealed class Comparison(CompareSettings settings)
{
    private const int MostWarmUpItems = 100;

    // As long as an iteration of the suite. What is shorter is called again: the pool needs some calls to have its threads awake.
    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromMilliseconds(SuiteConfig.IterationMilliseconds);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    private readonly WorkPlan _plan = settings.DrawPlan();
    private readonly IReadOnlySet<int> _failing = settings.DrawFailing();

    // Some strategies prepare a worker for each place, whether there is an item for it or not.
    private readonly int _limit = Math.Min(settings.Concurrency, settings.Items);

    /// <summary>How many runs there are altogether, for the progress.</summary>
    private int RunsPerStrategy => 1 + settings.Rounds + 1 + (_failing.Count > 0 ? 1 : 0);

    public async Task<CompareResult> RunAsync(IProgressDisplay display, CancellationToken cancellationToken)
    {
        var runs = settings.Strategies.ToDictionary(static strategy => strategy, static _ => new List<Run>());
        var peaks = new Dictionary<Strategy, long>();
        var aftermaths = new Dictionary<Strategy, Aftermath>();
        await display.ShowAsync(RunsPerStrategy * settings.Strategies.Count, async step =>
        {
            foreach (Strategy strategy in settings.Strategies)
            {
                step("warm-up", strategy);
                await WarmUpAsync(strategy, cancellationToken);
            }

            for (int round = 1; round <= settings.Rounds; round++)
            {
                foreach (Strategy strategy in OrderOf(round))
                {
                    step($"round {round} of {settings.Rounds}", strategy);
                    runs[strategy].Add(await TimeAsync(strategy, cancellationToken));
                }
            }

            foreach (Strategy strategy in settings.Strategies)
            {
                step("memory", strategy);
                peaks[strategy] = await MemorySampler.PeakAsync(() => CallAsync(strategy, new Work(_plan), cancellationToken));
            }

            foreach (Strategy strategy in _failing.Count > 0 ? settings.Strategies : [])
            {
                step("failures", strategy);
                aftermaths[strategy] = await FailAsync(strategy, new Work(_plan, _failing), _plan.Count, cancellationToken);
            }
        });

        List<Run> baseline = runs[settings.Baseline];
        return new CompareResult(
            settings,
            DateTimeOffset.Now,
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
            _failing.Count,
            [.. settings.Strategies.Select(strategy => new StrategyResult(strategy, runs[strategy], CompareResult.RatioOf(runs[strategy], baseline), peaks[strategy], aftermaths.GetValueOrDefault(strategy)))]);
    }

    // Another order in each round, the same for the same seed: nobody always follows the one who leaves the pool in the worst state.
    private Strategy[] OrderOf(int round)
    {
        Strategy[] order = [.. settings.Strategies];
        new Random(unchecked((settings.Seed * 397) + round)).Shuffle(order);
        return order;
    }

    // Both ways to end: the first failure of a process takes many times as long as the second.
    private async Task WarmUpAsync(Strategy strategy, CancellationToken cancellationToken)
    {
        int items = Math.Min(_plan.Count, MostWarmUpItems);
        await strategy.RunAsync(_plan.Items.Take(items), _limit, strategy.BodyFor(new Work(_plan)), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (_failing.Count > 0)
        {
            await FailAsync(strategy, new Work(_plan, new HashSet<int> { items / 2 }), items, cancellationToken);
        }
    }

    private async Task<Run> TimeAsync(Strategy strategy, CancellationToken cancellationToken)
    {
        // Nobody pays for the garbage of the one before.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int calls = 0;
        int mostInFlight = 0;
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        do
        {
            var work = new Work(_plan);
            await CallAsync(strategy, work, cancellationToken);
            mostInFlight = Math.Max(mostInFlight, work.Tally.MostInFlight);
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start) < ShortestMeasurement);

        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return new Run(milliseconds / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / calls, mostInFlight);
    }

    private async Task CallAsync(Strategy strategy, Work work, CancellationToken cancellationToken)
    {
        // Off this method's own thread: what a strategy does before its first wait belongs to the pool, as in a server.
        await Task.Run(() => strategy.RunAsync(_plan.Items, _limit, strategy.BodyFor(work), cancellationToken), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (work.Tally.Finished != _plan.Count)
        {
            throw new InvalidOperationException($"{strategy.Title} finished {work.Tally.Finished} of {_plan.Count} items.");
        }
    }

    private async Task<Aftermath> FailAsync(Strategy strategy, Work work, int items, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => strategy.RunAsync(_plan.Items.Take(items), _limit, strategy.BodyFor(work), cancellationToken), cancellationToken);
            throw new InvalidOperationException($"{strategy.Title} did not tell that an item had failed.");
        }
        catch (Exception failure) when (failure is WorkFailedException || (failure as AggregateException)?.Flatten().InnerExceptions.Any(static one => one is WorkFailedException) == true)
        {
            Tally tally = work.Tally;
            double after = tally.SinceFirstFailure.TotalMilliseconds;
            int running = tally.InFlight;
            int started = tally.Started;
            await UntilQuietAsync(tally, cancellationToken);
            return new Aftermath(
                tally.Failed,
                tally.Finished,
                tally.FinishedAfterFailure,
                tally.Canceled,
                items - tally.Started,
                running + (tally.Started - started),
                after);
        }
    }

    // What a strategy has left behind must not run into the next measurement.
    private static async Task UntilQuietAsync(Tally tally, CancellationToken cancellationToken)
    {
        var patience = Stopwatch.StartNew();
        int seen;
        do
        {
            seen = tally.Started;
            await Task.Delay(20, cancellationToken);
        }
        while ((tally.InFlight > 0 || tally.Started > seen) && patience.Elapsed < MostPatience);
    }
}
