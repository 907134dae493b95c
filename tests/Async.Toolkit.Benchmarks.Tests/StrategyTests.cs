using Async.Toolkit.Benchmarks.Strategies;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

/// <summary>What is compared has to do the same work: otherwise the figures compare nothing.</summary>
public sealed class StrategyTests
{
    private const int Limit = 4;
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> StrategiesAndLatencies =>
        [.. from strategy in Strategy.All from latency in (string[])["yield", "none", "uniform:1ms..3ms"] select (strategy.Name, latency)];

    public static TheoryData<string> Names => [.. Strategy.All.Select(static strategy => strategy.Name)];

    [Theory]
    [MemberData(nameof(StrategiesAndLatencies))]
    public async Task Every_item_runs_once_and_the_limit_is_kept(string name, string latency)
    {
        const int Items = 200;
        var strategy = Strategy.Named(name);
        var work = new Work(new WorkPlan(Items, Latency.Parse(latency), TimeSpan.Zero, seed: 1));
        int[] runs = new int[Items];

        await strategy.RunAsync(work.Plan.Items, Limit, CountAsync, TestContext.Current.CancellationToken).WaitAsync(Guard, TestContext.Current.CancellationToken);

        Assert.All(runs, static count => Assert.Equal(1, count));
        Assert.Equal(Items, work.Tally.Started);
        Assert.Equal(Items, work.Tally.Finished);
        Assert.Equal(0, work.Tally.InFlight);
        if (strategy.KeepsLimit)
        {
            Assert.InRange(work.Tally.MostInFlight, 1, Limit);
        }

        ValueTask CountAsync(int item, CancellationToken token)
        {
            Interlocked.Increment(ref runs[item]);
            return strategy.BodyFor(work)(item, token);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_failure_reaches_the_caller_and_nothing_hangs_although_every_item_fails(string name)
    {
        const int Items = 100;
        var strategy = Strategy.Named(name);
        var work = new Work(new WorkPlan(Items, Latency.Parse("yield"), TimeSpan.Zero, seed: 1), Enumerable.Range(0, Items).ToHashSet());

        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(
            () => strategy.RunAsync(work.Plan.Items, Limit, strategy.BodyFor(work), TestContext.Current.CancellationToken).WaitAsync(Guard, TestContext.Current.CancellationToken));

        Assert.IsType<WorkFailedException>(thrown is AggregateException several ? several.Flatten().InnerException : thrown);
        Assert.Equal(0, work.Tally.InFlight);
        Assert.InRange(work.Tally.Failed, 1, Items);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_canceled_call_ends_only_after_its_items_have(string name)
    {
        int inFlight = 0;
        using var caller = new CancellationTokenSource();

        Task run = Strategy.Named(name).RunAsync(Enumerable.Range(0, 50), Limit, IgnoreAsync, caller.Token);
        await run.WaitAsync(Guard, TestContext.Current.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.True(run.IsCompleted);
        Assert.Equal(0, Volatile.Read(ref inFlight));

        async ValueTask IgnoreAsync(int item, CancellationToken token)
        {
            Interlocked.Increment(ref inFlight);
            await caller.CancelAsync();
            for (int turn = 0; turn < 1_000; turn++)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref inFlight);
        }
    }

    [Fact]
    public async Task The_tally_tells_what_became_of_the_items()
    {
        var work = new Work(new WorkPlan(10, Latency.Parse("none"), TimeSpan.Zero, seed: 1), new HashSet<int> { 3 });
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        var waiting = new Work(new WorkPlan(1, Latency.Parse("1s"), TimeSpan.Zero, seed: 1));

        for (int item = 0; item < 3; item++)
        {
            await work.RunAsync(item, TestContext.Current.CancellationToken);
        }

        await Assert.ThrowsAsync<WorkFailedException>(async () => await work.RunAsync(3, TestContext.Current.CancellationToken));
        await work.RunAsync(4, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting.RunAsync(0, canceled.Token));

        Assert.Equal((5, 4, 1, 1), (work.Tally.Started, work.Tally.Finished, work.Tally.Failed, work.Tally.FinishedAfterFailure));
        Assert.Equal((1, 0, 1, 0), (waiting.Tally.Started, waiting.Tally.Finished, waiting.Tally.Canceled, waiting.Tally.InFlight));
    }
}
