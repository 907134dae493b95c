using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class StreamConsumerTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_order_of_completion_a_slow_item_holds_nobody_back()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var results = new List<int>();
        await foreach (int item in Gather.StreamAsync([0, 1], maxConcurrency: 2, StreamOrder.Completion, async (item, token) =>
        {
            if (item == 0)
            {
                await taken.Task.WaitAsync(Guard, CancellationToken.None);
            }

            return item;
        }, TestToken))
        {
            results.Add(item);
            taken.TrySetResult();
        }

        Assert.Equal([1, 0], results);
    }

    [Fact]
    public async Task A_consumer_whose_context_posts_inline_holds_no_other_item_up()
    {
        using var finished = new ManualResetEventSlim();
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new GatherOptions { MaxConcurrency = 2, Progress = new Succeeded(finished) };
        await using IAsyncEnumerator<int> stream = Gather.StreamAsync([0, 1], options, async (item, token) =>
        {
            await (item == 0 ? start : second).Task.WaitAsync(Guard, CancellationToken.None);
            return item;
        }, TestToken).GetAsyncEnumerator(TestToken);
        Task consumed = PostContext.Inline().Enter(ConsumeAsync);
        start.SetResult();
        await consumed.WaitAsync(Guard, TestToken);

        async Task ConsumeAsync()
        {
            Assert.True(await stream.MoveNextAsync());
            second.SetResult();

            // Blocks the thread that brought the first result, before that is reported. Whatever it holds, the other item must be able to end.
            Assert.True(finished.Wait(Guard / 3), "The second item could not end.");
        }
    }

    private sealed class Succeeded(ManualResetEventSlim reached) : IProgress<GatherProgress>
    {
        public void Report(GatherProgress value)
        {
            if (value.Succeeded > 0)
            {
                reached.Set();
            }
        }
    }

    [Fact]
    public async Task Of_two_tokens_that_are_canceled_before_the_stream_hears_of_either_the_first_one_is_told()
    {
        using var own = new CancellationTokenSource();
        using var loops = new CancellationTokenSource();
        var begun = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var item = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncEnumerator<int> results = Gather
            .StreamAsync([0], 1, (_, token) => { begun.SetResult(token); return item.Task; }, own.Token)
            .GetAsyncEnumerator(loops.Token);
        Task<bool> next = results.MoveNextAsync().AsTask();
        CancellationToken ofItem = await begun.Task.Guarded();

        // Who registers last is called first: the item ends, and the stream has dealt with that, before its own registrations are called.
        bool hasDealt = false;
        await using CancellationTokenRegistration second = loops.Token.Register(() =>
        {
            item.SetCanceled(loops.Token);
            hasDealt = ofItem.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
        });
        await using CancellationTokenRegistration first = own.Token.Register(loops.Cancel);
        await Task.Run(own.Cancel, CancellationToken.None);

        Assert.True(hasDealt);
        Assert.Equal(own.Token, (await next.Cancellation()).CancellationToken);
    }
}
