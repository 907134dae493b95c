using Async.Toolkit.Gathering;
using Async.Toolkit.Testing;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>The places of a stream, and how it is left.</summary>
[Collection(nameof(OnVirtualTime))]
public sealed class StreamWindowTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_place_that_is_new_holds_nothing_of_the_results_before_it()
    {
        // Five results are there and one of them is taken when the sixth item begins, which needs a place more than there are.
        const int Late = 5;
        var taken = new Gate();
        var begun = new Gate();
        var finish = new Gate();
        var progress = new Reached(Late);
        var source = new CountingSource(8)
        {
            BeforeItem = async index =>
            {
                if (index == Late)
                {
                    await taken.Opened;
                    await progress.Opened;
                }
            },
        };
        await using IAsyncEnumerator<int> stream = Gather.StreamAsync(source.AsAsyncEnumerable(), new() { MaxConcurrency = 8, Progress = progress }, async (item, token) =>
        {
            if (item == Late)
            {
                begun.Open();
                await finish.Opened.WaitAsync(token);
            }

            return item;
        }, TestToken).GetAsyncEnumerator(TestToken);

        Assert.Equal(0, await NextAsync());
        taken.Open();
        await begun.Reached();
        for (int item = 1; item < Late; item++)
        {
            Assert.Equal(item, await NextAsync());
        }

        Task<int> next = NextAsync();
        Assert.False(next.IsCompleted);
        finish.Open();
        Assert.Equal(Late, await next.Guarded());
        Assert.Equal(6, await NextAsync());
        Assert.Equal(7, await NextAsync());
        Assert.False(await stream.MoveNextAsync());

        async Task<int> NextAsync()
        {
            Assert.True(await stream.MoveNextAsync().AsTask().Guarded());
            return stream.Current;
        }
    }

    [Fact]
    public Task A_reader_that_waits_for_room_is_woken_when_the_consumer_leaves() => VirtualTime.RunAsync(async time =>
    {
        var source = new CountingSource();
        IAsyncEnumerator<int> stream = Gather.StreamAsync(source.AsEnumerable(), 2, static (item, _) => Task.FromResult(item), TestToken).GetAsyncEnumerator(TestToken);
        Assert.True(await stream.MoveNextAsync());
        await time.SettleAsync();
        Assert.Equal(3, source.Read);

        await stream.DisposeAsync().AsTask().Guarded();
        Assert.Equal(1, source.Disposed);
    }, TestToken);

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_token_that_is_canceled_already_is_told_at_once_and_then_the_stream_is_over(bool byLoop)
    {
        var canceled = new CancellationToken(canceled: true);
        await using IAsyncEnumerator<int> stream = Gather.StreamAsync([1], 1, static (item, _) => Task.FromResult(item), byLoop ? TestToken : canceled).GetAsyncEnumerator(byLoop ? canceled : TestToken);
        Task<bool> next = stream.MoveNextAsync().AsTask();

        Assert.Equal(TaskStatus.Canceled, next.Status);
        Assert.Equal(canceled, (await next.Cancellation()).CancellationToken);
        Assert.False(await stream.MoveNextAsync());
        Assert.Equal(0, stream.Current);
    }

    [Fact]
    public async Task Left_before_the_first_question_the_stream_is_over()
    {
        var source = new CountingSource(1);
        IAsyncEnumerator<int> stream = Gather.StreamAsync(source.AsEnumerable(), 1, static (item, _) => Task.FromResult(item), TestToken).GetAsyncEnumerator(TestToken);
        await stream.DisposeAsync();

        Assert.False(await stream.MoveNextAsync());
        Assert.Equal(0, source.Opened);
    }

    [Theory, InlineData(StreamOrder.Source), InlineData(StreamOrder.Completion)]
    public void A_stream_that_is_read_as_it_runs_needs_no_more_places_however_long_it_is(StreamOrder order)
    {
        var join = new StreamJoin<int>(4, order);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int right = 0;
        for (int item = 0; item < 10_000; item++)
        {
            join.Reserve(item, null);
            join.Succeeded(item, item);
            right += IsThere(join.NextAsync()) && join.Current == item ? 1 : 0;
        }

        Assert.Equal((10_000, 0), (right, GC.GetAllocatedBytesForCurrentThread() - before));

        static bool IsThere(ValueTask<bool> next) => next.IsCompletedSuccessfully && next.Result;
    }

    [Fact]
    public async Task Without_the_option_results_that_could_be_disposed_are_only_given()
    {
        SyncOnly[] given = await Gather.StreamAsync([0, 1], 2, static (_, _) => Task.FromResult(new SyncOnly()), TestToken).ToArrayAsync(TestToken);

        Assert.Equal([false, false], given.Select(static result => result.IsDisposed));
    }

    [Fact]
    public async Task A_question_before_the_answer_is_refused_in_words()
    {
        await using IAsyncEnumerator<int> stream = Gather.StreamAsync([1], 1, static async (item, token) =>
        {
            await token.UntilCanceled();
            return item;
        }, TestToken).GetAsyncEnumerator(TestToken);
        Task<bool> first = stream.MoveNextAsync().AsTask();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.MoveNextAsync());
        Assert.Equal("The stream is asked for its next result while it has not answered yet: one consumer, one call at a time.", refused.Message);
        await stream.DisposeAsync();
        Assert.False(await first.Guarded());
    }

    [Theory, InlineData(true), InlineData(false)]
    public Task Leaving_posts_nothing_to_the_context_of_the_consumer(bool hasEnded) => VirtualTime.RunAsync(async time =>
    {
        int posts = 0;
        var context = new PostContext((callback, state) =>
        {
            Interlocked.Increment(ref posts);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        });
        var last = new Gate();
        Resource[] results = [new(), new(), new()];
        IAsyncEnumerator<Resource> stream = Gather.StreamAsync([0, 1, 2], new() { MaxConcurrency = 3, DisposeDiscarded = true }, async (item, _) =>
        {
            await (item == 2 ? last.Opened : Task.CompletedTask);
            return results[item];
        }, TestToken).GetAsyncEnumerator(TestToken);
        Assert.True(await stream.MoveNextAsync());
        if (hasEnded)
        {
            last.Open();
        }

        await time.SettleAsync();
        Task left = context.Enter(() => stream.DisposeAsync().AsTask());
        if (!hasEnded)
        {
            last.Open();
        }

        await left.Guarded();
        Assert.Equal([false, true, true], results.Select(static result => result.IsDisposed));
        Assert.Equal(0, posts);
        Assert.False(await stream.MoveNextAsync());
    }, TestToken);

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_object_that_was_given_and_comes_again_is_not_disposed_whichever_way_it_could_be(bool isAsync)
    {
        IWatched shared = isAsync ? new AsyncOnly() : new SyncOnly();
        var progress = new Reached(2);
        IAsyncEnumerator<IWatched> stream = Gather.StreamAsync([0, 1], new() { MaxConcurrency = 2, DisposeDiscarded = true, Progress = progress }, (_, _) => Task.FromResult(shared), TestToken).GetAsyncEnumerator(TestToken);
        Assert.True(await stream.MoveNextAsync());
        await progress.Opened.Guarded();
        await stream.DisposeAsync();

        Assert.Same(shared, stream.Current);
        Assert.False(shared.IsDisposed);
    }

    private interface IWatched
    {
        bool IsDisposed { get; }
    }

    private sealed class SyncOnly : IWatched, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class AsyncOnly : IWatched, IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }
    }

    private sealed class Resource : IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return new ValueTask(Task.Run(static async () => await Task.Yield()));
        }
    }

    private sealed class Reached(int successes) : IProgress<GatherProgress>
    {
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Opened => _opened.Task;

        public void Report(GatherProgress value)
        {
            if (value.Succeeded >= successes)
            {
                _opened.TrySetResult();
            }
        }
    }
}
