using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class FirstSuccessTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_success_is_given_and_the_losers_are_canceled_and_awaited()
    {
        int canceled = 0;
        var others = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int winner = await Gather.FirstSuccessAsync([0, 1, 2], async (item, token) =>
        {
            if (item == 2)
            {
                await others.Task.WaitAsync(Guard, CancellationToken.None);
                return item;
            }

            if (item == 1)
            {
                others.SetResult();
            }

            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return item;
            }
            finally
            {
                Interlocked.Increment(ref canceled);
            }
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Equal(2, winner);
        Assert.Equal(2, canceled);
    }

    [Fact]
    public async Task Failures_of_losers_are_logged_and_those_of_nobody_lost()
    {
        var log = new FailureLog();
        var before = new IOException("failed before the success");
        var after = new IOException("failed after the success");
        int winner = await Gather.FirstSuccessAsync([0, 1, 2], new GatherOptions { MaxConcurrency = 3, Logger = log }, async (item, token) =>
        {
            switch (item)
            {
                case 0:
                    throw before;
                case 1:
                    while (!token.IsCancellationRequested)
                    {
                        await Task.Yield();
                    }

                    throw after;
                default:
                    await Task.Yield();
                    return item;
            }
        }, TestToken);

        Assert.Equal(2, winner);
        Assert.Equal([before, after], log.Unseen.OrderByDescending(failure => failure == before));
        Assert.DoesNotContain(log.Entries, static entry => entry.Id == 1);
    }

    [Fact]
    public async Task A_success_beats_the_callers_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        int winner = await Gather.FirstSuccessAsync([0, 1], async (item, token) =>
        {
            if (item == 0)
            {
                await cancellation.CancelAsync();
                return item;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return item;
        }, cancellation.Token).WaitAsync(Guard, TestToken);

        Assert.Equal(0, winner);
    }

    [Fact]
    public async Task What_a_losers_cancellation_callback_throws_is_logged()
    {
        var log = new FailureLog();
        var broken = new IOException("the callback broke");
        var registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int winner = await Gather.FirstSuccessAsync([0, 1], new() { Logger = log }, async (item, token) =>
        {
            if (item == 0)
            {
                await registered.Task.WaitAsync(Guard, CancellationToken.None);
                return item;
            }

            token.Register(() => throw broken);
            registered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return item;
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Equal(0, winner);
        Assert.Same(broken, Assert.Single(log.Unseen));
    }

    [Fact]
    public async Task When_all_fail_all_failures_are_thrown()
    {
        Exception[] failures = [new IOException("0"), new IOException("1"), new IOException("2")];
        Task<int> call = Gather.FirstSuccessAsync([0, 1, 2], maxConcurrency: 1, (item, token) => Task.FromException<int>(failures[item]), TestToken);

        Assert.Same(failures[0], await Assert.ThrowsAsync<IOException>(() => call));
        Assert.Equal(failures, call.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task The_failure_of_the_source_is_one_attempt_less()
    {
        var log = new FailureLog();
        var broken = new IOException("the source broke");
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new CountingSource(3) { BeforeItem = index => index < 1 ? default : Break() };
        ValueTask Break()
        {
            read.SetResult();
            return ValueTask.FromException(broken);
        }

        int winner = await Gather.FirstSuccessAsync(source.AsEnumerable(), new GatherOptions { Logger = log }, async (item, token) =>
        {
            await read.Task.WaitAsync(Guard, CancellationToken.None);
            return item;
        }, TestToken);

        Assert.Equal(0, winner);
        Assert.Same(broken, Assert.Single(log.Unseen));
    }

    [Fact]
    public async Task An_empty_source_has_no_success()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Gather.FirstSuccessAsync(Array.Empty<int>(), static (item, token) => Task.FromResult(item), TestToken));

        Assert.Equal("The source of 'Gather' is empty: there is no success.", thrown.Message);
    }

    [Fact]
    public async Task The_first_successes_come_in_the_order_of_completion()
    {
        // A success is reported once it has its place among the results.
        var first = new Succeeded();
        int[] winners = await Gather.FirstSuccessesAsync([0, 1, 2, 3], new() { Progress = first }, count: 2, async (item, token) =>
        {
            switch (item)
            {
                case 3:
                    return item;
                case 1:
                    await first.Reported.WaitAsync(Guard, CancellationToken.None);
                    return item;
                default:
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                    return item;
            }
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Equal([3, 1], winners);
    }

    [Fact]
    public async Task The_call_fails_as_soon_as_the_successes_cannot_be_reached()
    {
        Exception[] failures = [new IOException("0"), new IOException("1")];
        int waiting = 0;
        int canceled = 0;
        Task<int[]> call = Gather.FirstSuccessesAsync([0, 1, 2, 3], maxConcurrency: 4, count: 3, async (item, token) =>
        {
            await Task.Yield();
            if (item < 2)
            {
                throw failures[item];
            }

            Interlocked.Increment(ref waiting);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return item;
            }
            finally
            {
                Interlocked.Increment(ref canceled);
            }
        }, TestToken);

        await Assert.ThrowsAsync<IOException>(() => call.WaitAsync(Guard, TestToken));
        Assert.Equal(failures.ToHashSet(), call.Exception!.InnerExceptions.ToHashSet());
        Assert.Equal(waiting, canceled);
    }

    [Fact]
    public async Task A_logger_that_waits_for_another_item_does_not_hold_it_up()
    {
        Exception[] failures = [new IOException("0"), new IOException("1")];
        var progress = new Succeeded();
        var logger = new WaitingLogger(progress);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int[]> call = Gather.FirstSuccessesAsync([0, 1, 2], new() { MaxConcurrency = 3, Logger = logger, Progress = progress }, count: 2, async (item, token) =>
        {
            if (item == 2)
            {
                started.SetResult();
                await logger.Asked.WaitAsync(Guard, CancellationToken.None);
                return item;
            }

            await started.Task.WaitAsync(Guard, CancellationToken.None);
            throw failures[item];
        }, TestToken);

        Assert.Equal(failures.ToHashSet(), (await call.Failures()).ToHashSet());
        Assert.True(logger.HasSeenSuccess);
    }

    [Fact]
    public async Task An_endless_source_is_left_when_one_has_succeeded()
    {
        var source = new CountingSource();
        int winner = await Gather.FirstSuccessAsync(source.AsAsyncEnumerable(), maxConcurrency: 2, async (item, token) =>
        {
            await Task.Yield();
            return item == 1000 ? item : throw new IOException("no");
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Equal(1000, winner);
        Assert.Equal(1, source.Disposed);
        Assert.False(source.WasMisused);
    }

    [Fact]
    public async Task Too_few_items_are_told_as_soon_as_the_source_ends()
    {
        var source = new CountingSource(2);
        Task<int[]> call = Gather.FirstSuccessesAsync(source.AsEnumerable(), count: 3, async (item, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return item;
        }, TestToken);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => call.WaitAsync(Guard, TestToken));
        Assert.Equal("The source of 'Gather' gave 2 items, which is too few for 3 successes.", thrown.Message);
    }

    [Fact]
    public async Task A_source_that_the_caller_canceled_has_not_come_to_its_end()
    {
        using var cancellation = new CancellationTokenSource();
        async IAsyncEnumerable<int> Items([EnumeratorCancellation] CancellationToken token = default)
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            yield return 0;
        }

        Task<int> call = Gather.FirstSuccessAsync(Items(CancellationToken.None), maxConcurrency: 1, static (item, token) => Task.FromResult(item), cancellation.Token);

        Assert.Equal(cancellation.Token, (await call.Cancellation()).CancellationToken);
    }

    private sealed class Succeeded : IProgress<GatherProgress>
    {
        private readonly TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reported => _reported.Task;

        public void Report(GatherProgress value)
        {
            if (value.Succeeded > 0)
            {
                _reported.TrySetResult();
            }
        }
    }

    /// <summary>Blocks whoever asks it first, until an item has succeeded.</summary>
    private sealed class WaitingLogger(Succeeded progress) : ILogger
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public bool HasSeenSuccess { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel)
        {
            if (_asked.TrySetResult())
            {
                HasSeenSuccess = ((IAsyncResult)progress.Reported).AsyncWaitHandle.WaitOne(Guard / 3);
            }

            return false;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }
    }
}
