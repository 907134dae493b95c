using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class StreamTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_starts_before_the_first_question()
    {
        var source = new CountingSource(3);
        IAsyncEnumerable<int> stream = Gather.StreamAsync(source.AsEnumerable(), 2, static (item, token) => Task.FromResult(item), TestToken);
        await using (IAsyncEnumerator<int> enumerator = stream.GetAsyncEnumerator(TestToken))
        {
            Assert.Equal(0, source.Opened);
        }

        Assert.Equal(0, source.Opened);
    }

    [Fact]
    public async Task Each_enumeration_is_a_call_of_its_own()
    {
        int runs = 0;
        IAsyncEnumerable<int> stream = Gather.StreamAsync([1, 2, 3], 2, async (item, token) =>
        {
            await Task.Yield();
            Interlocked.Increment(ref runs);
            return item;
        }, TestToken);

        Assert.Equal([1, 2, 3], await ToListAsync(stream));
        Assert.Equal([1, 2, 3], await ToListAsync(stream));
        Assert.Equal(6, runs);
    }

    [Fact]
    public async Task Two_enumerations_at_once_do_not_disturb_each_other()
    {
        IAsyncEnumerable<int> stream = Gather.StreamAsync(Enumerable.Range(0, 200), 4, async (item, token) =>
        {
            await Task.Yield();
            return item;
        }, TestToken);
        List<int>[] both = await Task.WhenAll(Task.Run(() => ToListAsync(stream), TestToken), Task.Run(() => ToListAsync(stream), TestToken));

        Assert.All(both, static list => Assert.Equal(Enumerable.Range(0, 200), list));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Both_tokens_cancel_and_the_one_that_did_is_told(bool cancelsOwn)
    {
        using var own = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        CancellationTokenSource canceled = cancelsOwn ? own : other;
        var source = new CountingSource();
        IAsyncEnumerable<int> stream = Gather.StreamAsync(source.AsEnumerable(), 2, async (item, token) =>
        {
            await canceled.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, canceled.Token);
            return item;
        }, own.Token);

        await using IAsyncEnumerator<int> enumerator = stream.GetAsyncEnumerator(other.Token);
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enumerator.MoveNextAsync().AsTask().WaitAsync(Guard, TestToken));
        Assert.Equal(canceled.Token, thrown.CancellationToken);
        Assert.Equal(1, source.Disposed);
        Assert.False(await enumerator.MoveNextAsync());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_token_that_is_canceled_already_starts_nothing(bool isOwn)
    {
        var canceled = new CancellationToken(canceled: true);
        var source = new CountingSource();
        IAsyncEnumerable<int> stream = Gather.StreamAsync(source.AsEnumerable(), 2, static (item, token) => Task.FromResult(item), isOwn ? canceled : CancellationToken.None);
        await using IAsyncEnumerator<int> enumerator = stream.GetAsyncEnumerator(isOwn ? CancellationToken.None : canceled);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enumerator.MoveNextAsync().AsTask());
        Assert.Equal(canceled, thrown.CancellationToken);
        Assert.Equal(0, source.Opened);
    }

    [Theory, InlineData(StreamOrder.Source, false), InlineData(StreamOrder.Completion, false), InlineData(StreamOrder.Source, true), InlineData(StreamOrder.Completion, true)]
    public async Task Leaving_the_loop_cancels_and_awaits_what_runs(StreamOrder order, bool byThrowing)
    {
        int running = 0;
        var source = new CountingSource();
        var thrown = new FormatException("the consumer gave up");
        Exception? caught = await Record.ExceptionAsync(async () =>
        {
            await foreach (int item in Gather.StreamAsync(source.AsAsyncEnumerable(), 4, order, async (item, token) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    await Task.Yield();
                    if (item > 100)
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, token);
                    }

                    return item;
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            }, TestToken))
            {
                if (item == 50)
                {
                    if (byThrowing)
                    {
                        throw thrown;
                    }

                    break;
                }
            }
        });

        Assert.Equal(byThrowing ? thrown : null, caught);
        Assert.Equal(0, running);
        Assert.Equal(1, source.Disposed);
        Assert.False(source.WasMisused);
    }

    [Fact]
    public async Task A_loop_is_thrown_the_first_failure_and_the_others_are_logged()
    {
        var log = new FailureLog();
        Exception[] failures = [new IOException("0"), new IOException("1"), new IOException("2")];
        using var allRun = new Barrier(3);
        IAsyncEnumerable<int> stream = Gather.StreamAsync([0, 1, 2], new() { MaxConcurrency = 3, Logger = log }, (item, token) =>
        {
            Assert.True(allRun.SignalAndWait(Guard, TestToken));
            return ValueTask.FromException<int>(failures[item]);
        }, TestToken);

        var thrown = await Assert.ThrowsAsync<IOException>(() => ToListAsync(stream).WaitAsync(Guard, TestToken));
        Assert.Equal(failures.Where(failure => failure != thrown).ToHashSet(), log.Unseen.ToHashSet());
    }

    [Fact]
    public async Task A_failure_that_the_consumer_did_not_wait_for_is_logged()
    {
        var log = new FailureLog();
        var failure = new IOException("nobody looked");
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await foreach (int item in Gather.StreamAsync([0, 1], new() { MaxConcurrency = 2, Logger = log }, async (item, token) =>
        {
            if (item == 0)
            {
                return item;
            }

            failed.SetResult();
            throw failure;
        }, TestToken))
        {
            await failed.Task.WaitAsync(Guard, TestToken);
            break;
        }

        Assert.Same(failure, Assert.Single(log.Unseen));
    }

    [Fact]
    public async Task Results_before_the_failure_are_given_first()
    {
        var failure = new IOException("item 2");
        var results = new List<int>();
        Exception? thrown = await Record.ExceptionAsync(async () =>
        {
            await foreach (int item in Gather.StreamAsync(Enumerable.Range(0, 100), 4, async (item, token) =>
            {
                await Task.Yield();
                return item == 2 ? throw failure : item;
            }, TestToken))
            {
                results.Add(item);
            }
        });

        Assert.Same(failure, thrown);
        Assert.Empty(results.Except([0, 1]));
        Assert.Equal(results.Order(), results);
    }

    [Fact]
    public async Task An_ordered_stream_with_a_slow_first_item_holds_at_most_its_window()
    {
        const int Window = 5;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int finished = 0;
        var source = new CountingSource(100);
        IAsyncEnumerable<int> stream = Gather.StreamAsync(source.AsEnumerable(), Window, async (item, token) =>
        {
            if (item == 0)
            {
                await first.Task.WaitAsync(Guard, token);
            }
            else if (Interlocked.Increment(ref finished) == Window - 1)
            {
                full.SetResult();
            }

            return item;
        }, TestToken);

        await using IAsyncEnumerator<int> enumerator = stream.GetAsyncEnumerator(TestToken);
        ValueTask<bool> next = enumerator.MoveNextAsync();
        await full.Task.WaitAsync(Guard, TestToken);

        // All but the first have finished; whoever would read more has had every chance, for it is a thread of the pool that says so.
        for (int turn = 0; turn < 1000; turn++)
        {
            await Task.Yield();
        }

        Assert.Equal(Window, source.Read);
        Assert.False(next.IsCompleted);
        first.SetResult();
        Assert.True(await next);
        var rest = new List<int>();
        while (await enumerator.MoveNextAsync())
        {
            rest.Add(enumerator.Current);
        }

        Assert.Equal(Enumerable.Range(1, 99), rest);
    }

    [Fact]
    public async Task A_consumer_that_does_not_take_stops_the_reading()
    {
        const int Window = 3;
        var source = new CountingSource(20);
        long furthest = 0;
        int taken = 0;
        await foreach (int item in Gather.StreamAsync(source.AsEnumerable(), Window, StreamOrder.Completion, static async (item, token) =>
        {
            await Task.Yield();
            return item;
        }, TestToken))
        {
            taken++;
            for (int turn = 0; turn < 50; turn++)
            {
                await Task.Yield();
            }

            furthest = Math.Max(furthest, source.Read - taken);
        }

        Assert.Equal(20, taken);
        Assert.InRange(furthest, 1, Window);
    }

    [Fact]
    public async Task A_second_question_before_the_answer_is_refused()
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncEnumerable<int> stream = Gather.StreamAsync([1], 1, async (item, token) =>
        {
            await never.Task.WaitAsync(Guard, token);
            return item;
        }, TestToken);
        IAsyncEnumerator<int> enumerator = stream.GetAsyncEnumerator(TestToken);
        Task<bool> first = enumerator.MoveNextAsync().AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => enumerator.MoveNextAsync().AsTask());
        await enumerator.DisposeAsync();
        Assert.False(await first);
        Assert.False(await enumerator.MoveNextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_canceled_tokens_the_one_that_came_first_is_told(bool callFirst)
    {
        using var call = new CancellationTokenSource();
        using var loop = new CancellationTokenSource();
        IAsyncEnumerator<int> enumerator = Gather.StreamAsync([0], maxConcurrency: 1, async (item, token) =>
        {
            await (callFirst ? call : loop).CancelAsync();
            await (callFirst ? loop : call).CancelAsync();
            token.ThrowIfCancellationRequested();
            return item;
        }, call.Token).GetAsyncEnumerator(loop.Token);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enumerator.MoveNextAsync().AsTask().WaitAsync(Guard, TestToken));
        Assert.Equal((callFirst ? call : loop).Token, thrown.CancellationToken);
        await enumerator.DisposeAsync();
    }

    [Fact]
    public async Task Results_that_are_there_already_are_taken_without_an_allocation()
    {
        const int Items = 1000;
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new GatherOptions { MaxConcurrency = Items, Progress = new Until(Items, finished) };
        IAsyncEnumerator<int> stream = Gather.StreamAsync(Enumerable.Range(0, Items), options, static (item, token) => new ValueTask<int>(item), TestToken).GetAsyncEnumerator(TestToken);
        Assert.True(await stream.MoveNextAsync());
        await finished.Task.WaitAsync(Guard, TestToken);

        Assert.Equal((Items - 1, 0L), Take());
        await stream.DisposeAsync();

        (int Taken, long Bytes) Take()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int taken = 0;
            while (taken < Items - 1)
            {
                ValueTask<bool> next = stream.MoveNextAsync();
                if (!next.IsCompletedSuccessfully || !next.Result)
                {
                    break;
                }

                taken++;
            }

            return (taken, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static async Task<List<int>> ToListAsync(IAsyncEnumerable<int> stream)
    {
        var list = new List<int>();
        await foreach (int item in stream)
        {
            list.Add(item);
        }

        return list;
    }

    private sealed class Until(int count, TaskCompletionSource reached) : IProgress<GatherProgress>
    {
        public void Report(GatherProgress value)
        {
            if (value.Succeeded == count)
            {
                reached.TrySetResult();
            }
        }
    }
}
