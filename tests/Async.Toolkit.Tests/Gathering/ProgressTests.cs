using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class ProgressTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_is_reported_in_order()
    {
        var progress = new Reports();
        await Gather.SettledAsync([0, 1, 2], new() { MaxConcurrency = 1, Progress = progress }, static (item, token) => item == 1 ? throw new IOException("no") : Task.FromResult(item), TestToken);

        Assert.Equal(
            [new(1, 0, 0, 3), new(1, 1, 0, 3), new(2, 1, 0, 3), new(2, 1, 1, 3), new(3, 1, 1, 3), new(3, 2, 1, 3)],
            progress.All);
    }

    [Fact]
    public async Task Reports_never_overlap_and_the_last_one_has_the_final_numbers()
    {
        var progress = new Reports();
        await Gather.ForEachAsync(Enumerable.Range(0, 5000).Where(static item => true), new() { MaxConcurrency = 8, Progress = progress }, static async (item, token) => await Task.Yield(), TestToken);

        Assert.False(progress.Overlapped);
        Assert.Equal(new GatherProgress(5000, 5000, 0, null), progress.All[^1]);
        Assert.Equal(progress.All.OrderBy(static report => report.Started + report.Succeeded), progress.All);
        Assert.All(progress.All, static report => Assert.InRange(report.Started - report.Succeeded, 0, 8));
    }

    [Fact]
    public async Task A_handler_that_throws_is_told_once_and_asked_on()
    {
        var failure = new IOException("the display is gone");
        var progress = new Reports { Failure = failure };
        var log = new FailureLog();
        await Gather.ForEachAsync(Enumerable.Range(0, 100), new() { Name = "shown", MaxConcurrency = 2, Progress = progress, Logger = log }, static async (item, token) => await Task.Yield(), TestToken);

        Assert.False(progress.Overlapped);
        Assert.True(progress.All.Count > 1);
        Assert.Equal(new GatherProgress(100, 100, 0, 100), progress.All[^1]);
        (int id, string text, Exception? logged) = Assert.Single(log.Entries);
        Assert.Equal(31, id);
        Assert.Same(failure, logged);
        Assert.Contains("'shown'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_throws_changes_the_outcome_of_no_call(bool isCancellation)
    {
        var own = new InvalidDataException("the item's own");
        var options = new GatherOptions
        {
            MaxConcurrency = 1,
            Logger = new FailureLog(),
            Progress = new Reports { Failure = isCancellation ? new OperationCanceledException() : new IOException("the display is gone") },
        };
        int[] items = [0, 1, 2];

        Assert.Equal(items, await Gather.AllAsync(items, options, Return, TestToken));
        Assert.Equal(items, (await Gather.SettledAsync(items, options, Return, TestToken)).Select(static item => item.Value));
        Assert.Equal(0, await Gather.FirstSuccessAsync(items, options, Return, TestToken));
        Assert.Equal(items[..2], await Gather.FirstSuccessesAsync(items, options, count: 2, Return, TestToken));
        Assert.Equal(items, await Gather.StreamAsync(items, options, Return, TestToken).ToArrayAsync(TestToken));
        await Gather.ForEachAsync(items, options, Return, TestToken);

        Assert.Same(own, await Gather.AllAsync(items, options, Fail, TestToken).OnlyFailure());
        Assert.All(await Gather.SettledAsync(items, options, Fail, TestToken), item => Assert.Same(own, Assert.Single(item.Exceptions)));
        Assert.Equal(3, (await Gather.FirstSuccessAsync(items, options, static (item, _) => Task.FromException<int>(new InvalidDataException()), TestToken).Failures()).Count);
        Assert.Same(own, await Gather.ForEachAsync(items, options, Fail, TestToken).OnlyFailure());

        static Task<int> Return(int item, CancellationToken token) => Task.FromResult(item);

        Task<int> Fail(int item, CancellationToken token) => Task.FromException<int>(own);
    }

    [Fact]
    public async Task A_handler_that_goes_along_with_the_callers_cancellation_has_not_failed()
    {
        using var cancellation = new CancellationTokenSource();
        var log = new FailureLog();
        Task call = Gather.ForEachAsync([0, 1], new() { MaxConcurrency = 1, Progress = new Canceling(cancellation), Logger = log }, static (item, token) => Task.FromCanceled(token), cancellation.Token);

        Assert.Equal(cancellation.Token, (await call.Cancellation()).CancellationToken);
        Assert.Empty(log.Entries);
    }

    private sealed class Canceling(CancellationTokenSource cancellation) : IProgress<GatherProgress>
    {
        public void Report(GatherProgress value)
        {
            cancellation.Cancel();
            cancellation.Token.ThrowIfCancellationRequested();
        }
    }

    private sealed class Reports : IProgress<GatherProgress>
    {
        private int _inside;

        public Exception? Failure { get; init; }

        public List<GatherProgress> All { get; } = [];

        public bool Overlapped { get; private set; }

        public void Report(GatherProgress value)
        {
            Overlapped |= Interlocked.Increment(ref _inside) != 1;
            All.Add(value);

            // A chance for others to come in.
            Thread.Yield();
            Interlocked.Decrement(ref _inside);
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
