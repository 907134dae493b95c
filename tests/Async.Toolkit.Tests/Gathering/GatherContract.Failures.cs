using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public abstract partial class GatherContract
{
    [Theory]
    [InlineData(false, 0), InlineData(false, 50), InlineData(false, 99)]
    [InlineData(true, 0), InlineData(true, 50), InlineData(true, 99)]
    public async Task A_failing_item_gives_its_own_exception(bool isAsync, int failing)
    {
        var source = new CountingSource(100);
        var failure = new IOException("the disk is full");
        CallOutcome outcome = await CallAsync(source, isAsync, 100, 3, async (item, token) =>
        {
            await Task.Yield();
            return item == failing ? throw failure : item;
        });

        Assert.Same(failure, Assert.Single(outcome.Failures));
        Assert.Null(outcome.Canceled);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_failing_item_cancels_the_others_only_where_the_call_fails_fast(bool isAsync)
    {
        var failure = new IOException("the disk is full");
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var allRun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        int canceled = 0;
        CallOutcome outcome = await CallAsync(new CountingSource(3), isAsync, 3, 3, async (item, token) =>
        {
            if (Interlocked.Increment(ref running) == 3)
            {
                allRun.SetResult();
            }

            if (item == 1)
            {
                await allRun.Task.WaitAsync(Guard, CancellationToken.None);
                failed.SetResult();
                throw failure;
            }

            await failed.Task.WaitAsync(Guard, CancellationToken.None);
            if (FailsFast)
            {
                using CancellationTokenRegistration counts = token.Register(() => Interlocked.Increment(ref canceled));
                return await UntilCanceledAsync(token).AsTask().WaitAsync(Guard, CancellationToken.None);
            }

            Assert.False(token.IsCancellationRequested);
            return item;
        });

        Assert.Same(failure, Assert.Single(outcome.Failures));
        Assert.Equal(FailsFast ? 2 : 0, canceled);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task When_every_item_fails_each_failure_is_kept_once(bool isAsync)
    {
        var source = new CountingSource(40);
        var shared = new IOException("the same for all");
        var ran = new List<Exception>();
        CallOutcome outcome = await CallAsync(source, isAsync, 40, 4, async (item, token) =>
        {
            await Task.Yield();
            Exception mine = item % 2 == 0 ? new IOException($"item {item}") : shared;
            lock (ran)
            {
                ran.Add(mine);
            }

            throw mine;
        });

        Assert.Null(outcome.Canceled);
        Assert.Equal(ran.ToHashSet(), outcome.Failures.ToHashSet());
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task All_exceptions_of_one_item_are_kept_in_order(bool isAsync)
    {
        Exception[] failures = [new IOException("one"), new FormatException("two")];
        CallOutcome outcome = await CallAsync(new CountingSource(1), isAsync, 1, 2, (item, token) =>
        {
            var task = new TaskCompletionSource<int>();
            task.SetException(failures);
            return new ValueTask<int>(task.Task);
        });

        Assert.Equal(failures, outcome.Failures);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_delegate_that_throws_before_its_first_wait_fails_its_item(bool isAsync)
    {
        var failure = new IOException("at once");
        CallOutcome outcome = await CallAsync(new CountingSource(1), isAsync, 1, 2, (item, token) => throw failure);

        Assert.Same(failure, Assert.Single(outcome.Failures));
    }

    [Theory]
    [InlineData(false, 0), InlineData(false, 5), InlineData(false, 9)]
    [InlineData(true, 0), InlineData(true, 5), InlineData(true, 9)]
    public async Task A_source_that_throws_ends_the_call_with_its_exception(bool isAsync, int at)
    {
        var failure = new IOException("the source broke");
        int running = 0;
        var source = new CountingSource(10) { BeforeItem = index => index == at ? ValueTask.FromException(failure) : default };
        CallOutcome outcome = await CallAsync(source, isAsync, 10, 3, async (item, token) =>
        {
            Interlocked.Increment(ref running);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return item;
        });

        Assert.Same(failure, Assert.Single(outcome.Failures));
        Assert.Equal(0, running);
        Assert.Equal(at, source.Read);
        AssertReadAndClosed(source);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_the_disposal_of_the_source_throws_comes_after_the_first_failure(bool isAsync)
    {
        var first = new IOException("the item failed");
        var second = new IOException("the disposal failed");
        var source = new CountingSource(1) { OnDispose = () => throw second };
        CallOutcome outcome = await CallAsync(source, isAsync, 1, 1, (item, token) => throw first);

        Assert.Equal([first, second], outcome.Failures);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_the_disposal_of_the_source_throws_is_not_lost(bool isAsync)
    {
        var failure = new IOException("the disposal failed");
        var source = new CountingSource(2) { OnDispose = () => throw failure };
        CallOutcome outcome = await CallAsync(source, isAsync, 2, 1, YieldAsync);

        Assert.Same(failure, Assert.Single(outcome.Failures));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure(bool isAsync)
    {
        var foreign = new OperationCanceledException("the request timed out");
        CallOutcome outcome = await CallAsync(new CountingSource(3), isAsync, 3, 1, (item, token) => item == 2 ? throw foreign : new ValueTask<int>(item));

        var failure = Assert.IsType<ChildCanceledException>(Assert.Single(outcome.Failures));
        Assert.Same(foreign, failure.InnerException);
        Assert.StartsWith("Item 2 ", failure.Message, StringComparison.Ordinal);
    }

    // Its task is canceled, where that of the item above was never made.
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_task_that_was_canceled_although_nobody_asked_for_it_is_a_failure(bool isAsync)
    {
        var foreign = new OperationCanceledException("the request timed out");
        CallOutcome outcome = await CallAsync(new CountingSource(3), isAsync, 3, 1, async (item, token) =>
        {
            await Task.Yield();
            return item == 2 ? throw foreign : item;
        });

        var failure = Assert.IsType<ChildCanceledException>(Assert.Single(outcome.Failures));
        Assert.Same(foreign, failure.InnerException);
        Assert.StartsWith("Item 2 ", failure.Message, StringComparison.Ordinal);
    }
}
