// The waits are kept on purpose: each is awaited once, and looked at before that.
#pragma warning disable CA2012
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Limiting;

public sealed class AsyncSemaphoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Free_permits_are_given_at_once_and_using_gives_them_back()
    {
        using var semaphore = new AsyncSemaphore(3);
        for (int round = 0; round < 2; round++)
        {
            ValueTask<AsyncSemaphore.Permit> first = semaphore.AcquireAsync(Token);
            Assert.True(first.IsCompletedSuccessfully);
            using (await first)
            using (await semaphore.AcquireAsync(Token))
            using (await semaphore.AcquireAsync(Token))
            {
                Assert.Equal(0, semaphore.AvailablePermits);
                Assert.False(semaphore.TryAcquire(out AsyncSemaphore.Permit none));
                Assert.False(semaphore.TryAcquire(out none));
                none.Dispose();
                Assert.Equal(0, semaphore.AvailablePermits);
            }

            Assert.Equal(3, semaphore.AvailablePermits);
        }

        Assert.Equal(3, semaphore.Permits);
    }

    [Fact]
    public async Task Ten_thousand_waiters_are_served_strictly_in_the_order_of_their_calls()
    {
        const int Count = 10_000;
        using var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        var waiters = new List<ValueTask<AsyncSemaphore.Permit>>(Count);
        for (int i = 0; i < Count; i++)
        {
            waiters.Add(semaphore.AcquireAsync(Token));
        }

        Assert.Equal(Count, semaphore.WaitingCount);
        for (int i = 0; i < Count; i++)
        {
            Assert.False(waiters[i].IsCompleted);
            held.Dispose();

            // The grant itself is synchronous; only continuations go to the pool.
            Assert.True(waiters[i].IsCompletedSuccessfully);
            Assert.True(i + 1 == Count || !waiters[i + 1].IsCompleted);
            held = await waiters[i];
        }

        held.Dispose();
        Assert.Equal(1, semaphore.AvailablePermits);
        Assert.Equal(0, semaphore.WaitingCount);
    }

    [Fact]
    public async Task Nobody_barges_while_somebody_waits()
    {
        using var semaphore = new AsyncSemaphore(2);
        AsyncSemaphore.Permit one = await semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> large = semaphore.AcquireAsync(2, Token);

        // One permit is free, but it belongs to the one who waits for two.
        Assert.Equal(1, semaphore.AvailablePermits);
        Assert.False(semaphore.TryAcquire(out _));
        ValueTask<AsyncSemaphore.Permit> small = semaphore.AcquireAsync(Token);
        Assert.False(small.IsCompleted);

        one.Dispose();
        Assert.True(large.IsCompletedSuccessfully);
        Assert.False(small.IsCompleted);
        (await large).Dispose();
        (await small).Dispose();
        Assert.Equal(2, semaphore.AvailablePermits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_waiter_canceled_at_the_head_in_the_middle_or_at_the_tail_leaves_the_others_in_order(int canceled)
    {
        using var semaphore = new AsyncSemaphore(1);
        using var cancel = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        List<Task<AsyncSemaphore.Permit>> waiters = [.. Enumerable.Range(0, 3).Select(i => semaphore.AcquireAsync(i == canceled ? cancel.Token : Token).AsTask())];

        await cancel.CancelAsync();
        Assert.Equal(cancel.Token, (await waiters[canceled].Cancellation()).CancellationToken);
        waiters.Add(semaphore.AcquireAsync(Token).AsTask());
        Assert.Equal(3, semaphore.WaitingCount);

        foreach (Task<AsyncSemaphore.Permit> next in waiters.Where((_, i) => i != canceled))
        {
            Assert.False(next.IsCompleted);
            held.Dispose();
            held = await next.Guarded();
        }

        held.Dispose();
        Assert.Equal(1, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task A_large_request_is_not_starved_by_small_ones()
    {
        using var semaphore = new AsyncSemaphore(3);
        var held = new Queue<AsyncSemaphore.Permit>();
        for (int i = 0; i < 3; i++)
        {
            held.Enqueue(await semaphore.AcquireAsync(Token));
        }

        ValueTask<AsyncSemaphore.Permit> large = semaphore.AcquireAsync(3, Token);
        var small = new Queue<ValueTask<AsyncSemaphore.Permit>>();
        while (held.TryDequeue(out AsyncSemaphore.Permit permit))
        {
            Assert.False(large.IsCompleted);
            small.Enqueue(semaphore.AcquireAsync(Token));
            permit.Dispose();
        }

        Assert.True(large.IsCompletedSuccessfully);
        Assert.All(small, waiting => Assert.False(waiting.IsCompleted));
        (await large).Dispose();
        Assert.All(small, granted => Assert.True(granted.IsCompletedSuccessfully));
        foreach (ValueTask<AsyncSemaphore.Permit> granted in small)
        {
            (await granted).Dispose();
        }

        Assert.Equal(3, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task Canceling_a_large_request_lets_the_small_ones_behind_it_go()
    {
        using var semaphore = new AsyncSemaphore(3);
        using var cancel = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        Task<AsyncSemaphore.Permit> large = semaphore.AcquireAsync(3, cancel.Token).AsTask();
        ValueTask<AsyncSemaphore.Permit> first = semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> second = semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> third = semaphore.AcquireAsync(Token);

        await cancel.CancelAsync();
        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.False(third.IsCompleted);
        await large.Cancellation();

        held.Dispose();
        (await first).Dispose();
        (await second).Dispose();
        (await third).Dispose();
        Assert.Equal(3, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task Several_permits_are_given_back_together()
    {
        using var semaphore = new AsyncSemaphore(5);
        using (await semaphore.AcquireAsync(4, Token))
        {
            Assert.Equal(1, semaphore.AvailablePermits);
            Assert.False(semaphore.TryAcquire(2, out _));
            Assert.True(semaphore.TryAcquire(out AsyncSemaphore.Permit last));
            last.Dispose();
        }

        Assert.True(semaphore.TryAcquire(5, out AsyncSemaphore.Permit all));
        Assert.Equal(0, semaphore.AvailablePermits);
        all.Dispose();
        Assert.Equal(5, semaphore.AvailablePermits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Disposing_a_permit_twice_is_detected_and_neither_creates_a_permit_nor_takes_one(int weight)
    {
        using var semaphore = new AsyncSemaphore(2);
        AsyncSemaphore.Permit permit = await semaphore.AcquireAsync(weight, Token);
        AsyncSemaphore.Permit copy = permit;
        permit.Dispose();
        Assert.Equal("This permit of the semaphore has been released already, perhaps through a copy of it.", Assert.Throws<InvalidOperationException>(permit.Dispose).Message);
        Assert.Throws<InvalidOperationException>(copy.Dispose);
        Assert.Equal(2, semaphore.AvailablePermits);

        // The slot has a new holder now, which the old permit must not disturb.
        AsyncSemaphore.Permit now = await semaphore.AcquireAsync(weight, Token);
        Assert.Throws<InvalidOperationException>(copy.Dispose);
        Assert.Equal(2 - weight, semaphore.AvailablePermits);
        now.Dispose();
        Assert.Equal(2, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task Disposing_a_permit_that_was_waited_for_twice_takes_none_from_the_next_holder()
    {
        using var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> second = semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> third = semaphore.AcquireAsync(Token);
        held.Dispose();
        AsyncSemaphore.Permit waitedFor = await second;
        waitedFor.Dispose();
        AsyncSemaphore.Permit last = await third;

        Assert.Throws<InvalidOperationException>(held.Dispose);
        Assert.Throws<InvalidOperationException>(waitedFor.Dispose);
        Assert.Equal(0, semaphore.AvailablePermits);
        last.Dispose();
        Assert.Equal(1, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task Awaiting_the_same_wait_twice_is_refused_and_gives_no_second_permit()
    {
        using var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> wait = semaphore.AcquireAsync(Token);
        Assert.Equal("The permit has not been granted yet: await it.", Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult()).Message);
        held.Dispose();
        AsyncSemaphore.Permit permit = await wait;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await wait);
        permit.Dispose();
        Assert.Equal(1, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task No_waiter_runs_on_the_stack_of_the_one_who_releases_or_cancels()
    {
        using var semaphore = new AsyncSemaphore(1);
        using var cancel = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        Task<Thread> granted = ResumedOn(semaphore.AcquireAsync(Token));
        Task<Thread> canceled = ResumedOn(semaphore.AcquireAsync(cancel.Token));

        // A thread that is not the pool's, so that nothing can get there by chance.
        var releaser = new Thread(() =>
        {
            cancel.Cancel();
            held.Dispose();
        });
        releaser.Start();
        Assert.NotSame(releaser, await granted.Guarded());
        Assert.NotSame(releaser, await canceled.Guarded());
        releaser.Join();

        static async Task<Thread> ResumedOn(ValueTask<AsyncSemaphore.Permit> wait)
        {
            try
            {
                (await wait.ConfigureAwait(false)).Dispose();
            }
            catch (OperationCanceledException)
            {
            }

            return Thread.CurrentThread;
        }
    }

    [Fact]
    public async Task A_context_that_runs_waiters_inline_finds_no_lock_held()
    {
        using var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        var posted = new Gate();
        var context = new PostContext((callback, state) =>
        {
            // From another thread: a lock is open to its own holder.
            var other = new Thread(() => { _ = semaphore.AvailablePermits; });
            other.Start();
            if (other.Join(TimeSpan.FromSeconds(30)))
            {
                posted.Open();
            }

            callback(state);
        });

        Task waiting = context.Enter(async () => (await semaphore.AcquireAsync(Token)).Dispose());
        held.Dispose();
        await posted.Reached();
        await waiting.Guarded();
    }

    [Fact]
    public async Task A_token_canceled_already_takes_no_permit_not_even_a_free_one()
    {
        using var semaphore = new AsyncSemaphore(1);
        var canceled = new CancellationToken(true);
        Assert.Equal(canceled, (await semaphore.AcquireAsync(canceled).AsTask().Cancellation()).CancellationToken);
        Assert.Equal(canceled, (await semaphore.AcquireAsync(1, canceled).AsTask().Cancellation()).CancellationToken);
        Assert.Equal(1, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task A_time_limit_around_the_wait_ends_it_and_takes_no_permit()
    {
        using var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        Task<AsyncSemaphore.Permit> wait = AsyncTimeout.RunAsync(TimeSpan.FromMilliseconds(1), semaphore.AcquireAsync, Token);
        Assert.IsType<TimeoutException>(await wait.OnlyFailure());
        Assert.Equal(0, semaphore.WaitingCount);
        held.Dispose();
        Assert.Equal(1, semaphore.AvailablePermits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_number_of_permits_that_cannot_be_is_named_with_its_value(int permits)
    {
        using var semaphore = new AsyncSemaphore(3);
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(nameof(permits), () => { _ = semaphore.AcquireAsync(permits, Token); });
        Assert.Equal(permits, thrown.ActualValue);
        Assert.StartsWith("The number of permits must be from 1 to 3, which is all that the semaphore has.", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(permits), () => semaphore.TryAcquire(permits, out _));
        Assert.Equal(3, semaphore.AvailablePermits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void A_semaphore_needs_a_permit(int permits)
    {
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(nameof(permits), () => new AsyncSemaphore(permits));
        Assert.Equal(permits, thrown.ActualValue);
        Assert.StartsWith("A semaphore needs at least 1 permit.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposed_it_refuses_new_requests_and_those_who_wait_but_takes_back_permits()
    {
        using var cancel = new CancellationTokenSource();
        var semaphore = new AsyncSemaphore(1);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        Task<AsyncSemaphore.Permit>[] waiting = [semaphore.AcquireAsync(Token).AsTask(), semaphore.AcquireAsync(cancel.Token).AsTask()];

        semaphore.Dispose();
        semaphore.Dispose();
        foreach (Task<AsyncSemaphore.Permit> wait in waiting)
        {
            Assert.IsType<ObjectDisposedException>(await wait.OnlyFailure());
        }

        await cancel.CancelAsync();
        Assert.Throws<ObjectDisposedException>(() => { _ = semaphore.AcquireAsync(Token); });
        Assert.Throws<ObjectDisposedException>(() => semaphore.TryAcquire(out _));
        held.Dispose();
        Assert.Throws<InvalidOperationException>(held.Dispose);
        Assert.Throws<ObjectDisposedException>(() => semaphore.TryAcquire(out _));
        Assert.Equal(0, semaphore.WaitingCount);
    }
}
