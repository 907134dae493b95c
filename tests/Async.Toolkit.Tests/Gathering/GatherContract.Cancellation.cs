using System.Collections.Concurrent;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public abstract partial class GatherContract
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_token_that_is_canceled_already_starts_nothing(bool isAsync)
    {
        var source = new CountingSource();
        int started = 0;
        var canceled = new CancellationToken(canceled: true);
        CallOutcome outcome = await CallAsync(source, isAsync, 1, 3, (item, token) => new ValueTask<int>(++started), canceled);

        Assert.Equal(canceled, outcome.Canceled);
        Assert.Empty(outcome.Failures);
        Assert.Equal(0, started);
        Assert.Equal(0, source.Opened);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_callers_cancellation_ends_an_endless_source_and_carries_the_callers_token(bool isAsync)
    {
        var source = new CountingSource();
        using var cancellation = new CancellationTokenSource();
        int running = 0;
        CallOutcome outcome = await CallAsync(source, isAsync, int.MaxValue, 4, async (item, token) =>
        {
            Interlocked.Increment(ref running);
            try
            {
                await Task.Yield();
                if (item == 1000)
                {
                    await cancellation.CancelAsync();
                }

                return item > 1000 ? await UntilCanceledAsync(token) : item;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }, cancellation.Token);

        Assert.Equal(cancellation.Token, outcome.Canceled);
        Assert.Empty(outcome.Failures);
        Assert.Equal(0, running);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_item_that_comes_after_the_cancellation_does_not_begin(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new CountingSource
        {
            BeforeItem = async index =>
            {
                if (index == 1)
                {
                    await first.Task.Guarded();
                    await cancellation.CancelAsync();
                }
            },
        };
        var begun = new ConcurrentQueue<int>();
        CallOutcome outcome = await CallAsync(source, isAsync, int.MaxValue, 4, async (item, token) =>
        {
            begun.Enqueue(item);
            first.TrySetResult();
            return await UntilCanceledAsync(token);
        }, cancellation.Token);

        Assert.Equal(cancellation.Token, outcome.Canceled);
        Assert.Equal([0], begun);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_call_waits_for_an_item_that_ignores_the_cancellation(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool ended = false;
        Task<CallOutcome> call = CallAsync(new CountingSource(), isAsync, int.MaxValue, 1, async (item, token) =>
        {
            using CancellationTokenRegistration tells = token.Register(struck.SetResult);
            await cancellation.CancelAsync();
            await release.Task.WaitAsync(Guard, CancellationToken.None);
            ended = true;
            return item;
        }, cancellation.Token);

        await struck.Task.WaitAsync(Guard, TestToken);
        Assert.False(call.IsCompleted);
        release.SetResult();
        CallOutcome outcome = await call;

        Assert.True(ended);
        Assert.Equal(cancellation.Token, outcome.Canceled);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Items_that_all_finished_are_kept_although_the_caller_canceled(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(3);
        CallOutcome outcome = await CallAsync(source, isAsync, 3, 4, async (item, token) =>
        {
            // The limit leaves a worker to find the end of the source while the items run.
            await source.Ended.WaitAsync(Guard, CancellationToken.None);
            await cancellation.CancelAsync();
            return item;
        }, cancellation.Token);

        AssertResults([0, 1, 2], outcome);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_cancellation_after_the_end_changes_nothing(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        CallOutcome outcome = await CallAsync(new CountingSource(3), isAsync, 3, 2, YieldAsync, cancellation.Token);
        await cancellation.CancelAsync();

        AssertResults([0, 1, 2], outcome);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_failure_together_with_the_callers_cancellation_is_kept(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        var failure = new IOException("the disk is full");
        CallOutcome outcome = await CallAsync(new CountingSource(), isAsync, int.MaxValue, 2, async (item, token) =>
        {
            if (item == 0)
            {
                await cancellation.CancelAsync();
                throw failure;
            }

            return await UntilCanceledAsync(token);
        }, cancellation.Token);

        Assert.Same(failure, Assert.Single(outcome.Failures));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_item_that_listens_to_the_callers_token_itself_is_no_failure(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        CallOutcome outcome = await CallAsync(new CountingSource(), isAsync, int.MaxValue, 2, async (item, token) =>
        {
            Task<int> forEver = UntilCanceledAsync(cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            return await forEver;
        }, cancellation.Token);

        Assert.Empty(outcome.Failures);
        Assert.Equal(cancellation.Token, outcome.Canceled);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_source_that_listens_to_the_callers_token_itself_has_not_come_to_its_end(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        using var left = new ManualResetEventSlim();
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? cancels = null;
        var source = new CountingSource(3)
        {
            BeforeItem = async index =>
            {
                if (index == 1)
                {
                    // The last to register is the first to be called: the call itself hears of the cancellation only when it has left the source.
                    cancellation.Token.Register(() =>
                    {
                        struck.SetResult();
                        left.Wait(Guard);
                    });
                    cancels = Task.Run(cancellation.Cancel);
                    await struck.Task.WaitAsync(Guard);
                    cancellation.Token.ThrowIfCancellationRequested();
                }
            },
            OnDispose = left.Set,
        };
        CallOutcome outcome = await CallAsync(source, isAsync, 3, 2, YieldAsync, cancellation.Token);
        await cancels!.WaitAsync(Guard, TestToken);

        Assert.Equal(cancellation.Token, outcome.Canceled);
        Assert.Empty(outcome.Failures);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_cancellation_callback_that_throws_is_not_lost_and_holds_nothing_up(bool isAsync)
    {
        using var cancellation = new CancellationTokenSource();
        var failure = new IOException("the callback broke");
        var source = new CountingSource();
        CallOutcome outcome = await CallAsync(source, isAsync, int.MaxValue, 1, async (item, token) =>
        {
            token.Register(() => throw failure);
            await cancellation.CancelAsync();
            return await UntilCanceledAsync(token);
        }, cancellation.Token);

        Assert.Same(failure, Assert.Single(outcome.Failures));
        AssertReadAndClosed(source);
    }
}
