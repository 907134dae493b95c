using System.Runtime.CompilerServices;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public abstract partial class GatherContract
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Each_item_runs_once_and_its_result_comes_in_order(bool isAsync)
    {
        var source = new CountingSource(1000);
        int[] runs = new int[1000];
        CallOutcome outcome = await CallAsync(source, isAsync, 1000, 7, async (item, token) =>
        {
            Interlocked.Increment(ref runs[item]);
            await Task.Yield();
            if (item % 3 == 0)
            {
                await Task.Yield();
            }

            return item * 2;
        });

        AssertResults(Enumerable.Range(0, 1000).Select(static item => item * 2), outcome);
        Assert.All(runs, static count => Assert.Equal(1, count));
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_limit_is_reached_and_never_exceeded(bool isAsync)
    {
        const int Items = 200_000;
        const int Limit = 8;
        var source = new CountingSource(Items);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int inside = 0;
        int most = 0;
        CallOutcome outcome = await CallAsync(source, isAsync, Items, Limit, async (item, token) =>
        {
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            if (item < Limit)
            {
                // The first ones stay until as many as may are inside: it hangs here if the limit is never reached.
                if (now == Limit)
                {
                    reached.SetResult();
                }

                await reached.Task.WaitAsync(Guard, token);
            }
            else
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref inside);
            return item;
        });

        AssertResults(Enumerable.Range(0, Items), outcome);
        Assert.Equal(Limit, most);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_items_that_block_their_threads_run_at_once_under_limit_two(bool isAsync)
    {
        using var both = new Barrier(2);
        CallOutcome outcome = await CallAsync(new CountingSource(6), isAsync, 6, 2, (item, token) =>
        {
            Assert.True(both.SignalAndWait(Guard, token), "The other item never came.");
            return new ValueTask<int>(item);
        });

        AssertResults(Enumerable.Range(0, 6), outcome);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Items_that_end_at_once_are_all_run(bool isAsync)
    {
        var source = new CountingSource(20_000);
        CallOutcome outcome = await CallAsync(source, isAsync, 20_000, 4, static (item, token) => new ValueTask<int>(item));

        AssertResults(Enumerable.Range(0, 20_000), outcome);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task One_item_is_run(bool isAsync) =>
        AssertResults([0], await CallAsync(new CountingSource(1), isAsync, 1, 3, YieldAsync));

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_empty_source_is_opened_and_disposed(bool isAsync)
    {
        var source = new CountingSource(0);
        CallOutcome outcome = await CallAsync(source, isAsync, 0, 3, YieldAsync);

        AssertEmpty(outcome);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_source_is_read_no_further_ahead_than_the_limit(bool isAsync)
    {
        const int Limit = 4;
        int finished = 0;
        long furthest = 0;
        var source = new CountingSource(500)
        {
            BeforeItem = index =>
            {
                furthest = Math.Max(furthest, index + 1 - Volatile.Read(ref finished));
                return default;
            },
        };
        CallOutcome outcome = await CallAsync(source, isAsync, 500, Limit, async (item, token) =>
        {
            await Task.Yield();
            Interlocked.Increment(ref finished);
            return item;
        });

        AssertResults(Enumerable.Range(0, 500), outcome);
        Assert.InRange(furthest, 1, Limit);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_source_that_answers_late_is_waited_for(bool isAsync)
    {
        // Every item is answered from another thread, some after the workers have run out of work.
        var source = new CountingSource(300) { BeforeItem = static async index => await Task.Yield() };
        CallOutcome outcome = await CallAsync(source, isAsync, 300, 5, YieldAsync);

        AssertResults(Enumerable.Range(0, 300), outcome);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Items_go_on_while_the_source_makes_its_reader_wait(bool isAsync)
    {
        var firstRan = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new CountingSource(2)
        {
            // The second item is there only when the first one has ended.
            BeforeItem = async index => await (index == 0 ? Task.CompletedTask : firstRan.Task.WaitAsync(Guard)),
        };
        CallOutcome outcome = await CallAsync(source, isAsync, 2, 2, async (item, token) =>
        {
            await Task.Yield();
            firstRan.TrySetResult();
            return item;
        });

        AssertResults([0, 1], outcome);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_one_item_sets_in_an_AsyncLocal_is_not_seen_by_the_next(bool isAsync)
    {
        var local = new AsyncLocal<string> { Value = "caller" };
        var seen = new string?[50];
        CallOutcome outcome = await CallAsync(new CountingSource(50), isAsync, 50, 1, (item, token) =>
        {
            // Not an async method: nothing but the gather undoes the change.
            seen[item] = local.Value;
            local.Value = $"item {item}";
            return item % 2 == 0 ? new ValueTask<int>(item) : YieldAsync(item, token);
        });

        AssertResults(Enumerable.Range(0, 50), outcome);
        Assert.All(seen, static value => Assert.Equal("caller", value));
        Assert.Equal("caller", local.Value);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Items_run_on_the_pool_without_a_SynchronizationContext(bool isAsync)
    {
        int wrong = 0;
        CallOutcome outcome = await CallAsync(new CountingSource(40), isAsync, 40, 2, (item, token) =>
        {
            if (SynchronizationContext.Current is not null || !Thread.CurrentThread.IsThreadPoolThread)
            {
                Interlocked.Increment(ref wrong);
            }

            if (item % 4 == 0)
            {
                return OnOwnThreadAsync(item);
            }

            // Not an async method, which would take it back itself.
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            return new ValueTask<int>(item);
        });

        AssertResults(Enumerable.Range(0, 40), outcome);
        Assert.Equal(0, wrong);
    }

    [Fact]
    public async Task A_source_that_throws_on_a_thread_of_its_own_is_disposed_on_the_pool()
    {
        bool onPool = false;
        var failure = new IOException("the source broke");
        var source = new CountingSource(2)
        {
            BeforeItem = async index =>
            {
                await default(OwnThread);
                throw failure;
            },
            OnDispose = () => onPool = Thread.CurrentThread.IsThreadPoolThread,
        };
        CallOutcome outcome = await CallAsync(source, isAsync: true, 2, 2, YieldAsync);

        Assert.Same(failure, Assert.Single(outcome.Failures));
        Assert.True(onPool);
    }

    private static async ValueTask<int> OnOwnThreadAsync(int item)
    {
        await default(OwnThread);
        return item;
    }

    private protected virtual void AssertEmpty(CallOutcome outcome) => AssertResults([], outcome);

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    /// <summary>Awaited, it goes on on a thread of its own, which must not run the next item.</summary>
    private readonly struct OwnThread : INotifyCompletion
    {
        public bool IsCompleted => false;

        public OwnThread GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) =>
            new Thread(() =>
            {
                // Gives the worker the chance to be waiting already: only then does it have to leave this thread.
                for (int turn = 0; turn < 1000; turn++)
                {
                    Thread.Yield();
                }

                continuation();
            })
            { IsBackground = true }.Start();
    }
}
