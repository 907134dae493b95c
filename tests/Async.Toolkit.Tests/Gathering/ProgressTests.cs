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
    public async Task A_handler_that_throws_fails_the_call_and_is_not_asked_again()
    {
        var failure = new IOException("the display is gone");
        var progress = new Reports { Failure = failure };
        Task call = Gather.ForEachAsync(Enumerable.Range(0, 100), new() { MaxConcurrency = 2, Progress = progress }, static async (item, token) => await Task.Yield(), TestToken);

        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => call));
        Assert.Single(call.Exception!.InnerExceptions);
        Assert.Single(progress.All);
    }

    [Fact]
    public async Task A_handler_that_goes_along_with_the_callers_cancellation_is_no_failure()
    {
        using var cancellation = new CancellationTokenSource();
        Task call = Gather.ForEachAsync([0, 1], new() { MaxConcurrency = 1, Progress = new Canceling(cancellation) }, static (item, token) => Task.FromCanceled(token), cancellation.Token);

        Assert.Equal(cancellation.Token, (await call.Cancellation()).CancellationToken);
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
