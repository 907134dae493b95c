// The waits are kept on purpose: each is awaited once, and looked at before that.
#pragma warning disable CA2012, xUnit1031
using System.Runtime.CompilerServices;
using Async.Toolkit.Limiting;
using Async.Toolkit.Tests.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Limiting;

/// <summary>The queue of those who wait and the places that are kept for the next ones.</summary>
[Collection(Listeners.Name)]
public sealed class AsyncSemaphoreQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public async Task Neighbours_that_are_canceled_one_after_the_other_leave_the_rest_in_order(int first, int second)
    {
        using var semaphore = new AsyncSemaphore(1);
        using CancellationTokenSource one = new(), other = new();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        List<Task<AsyncSemaphore.Permit>> waits = [.. Enumerable.Range(0, 4).Select(i => semaphore.AcquireAsync(i == first ? one.Token : i == second ? other.Token : Token).AsTask())];
        await one.CancelAsync();
        await other.CancelAsync();
        await waits[first].Cancellation();
        await waits[second].Cancellation();
        waits.Add(semaphore.AcquireAsync(Token).AsTask());

        Assert.Equal(3, semaphore.WaitingCount);
        foreach (Task<AsyncSemaphore.Permit> next in waits.Where((_, i) => i != first && i != second))
        {
            Assert.False(next.IsCompleted);
            held.Dispose();
            held = await next.Guarded();
        }

        held.Dispose();
        Assert.Equal((1, 0), (semaphore.AvailablePermits, semaphore.WaitingCount));
    }

    [Fact]
    public async Task The_new_head_of_the_queue_can_be_canceled_and_leaves_nobody_behind()
    {
        using var semaphore = new AsyncSemaphore(1);
        using var cancel = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> first = semaphore.AcquireAsync(Token);
        ValueTask<AsyncSemaphore.Permit> second = semaphore.AcquireAsync(cancel.Token);

        // Its place is not free for the third one before the cancellation is seen.
        held.Dispose();
        held = await first;
        await cancel.CancelAsync();
        Assert.Equal(0, semaphore.WaitingCount);
        ValueTask<AsyncSemaphore.Permit> third = semaphore.AcquireAsync(Token);
        held.Dispose();
        Assert.True(third.IsCompletedSuccessfully);
        (await third).Dispose();
        await second.AsTask().Cancellation();
        Assert.Equal(1, semaphore.AvailablePermits);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Disposed_it_gives_no_permit_that_is_free_or_given_back_later(bool isHeld)
    {
        var semaphore = new AsyncSemaphore(2);
        AsyncSemaphore.Permit held = default;
        Assert.True(!isHeld || semaphore.TryAcquire(2, out held));
        semaphore.Dispose();
        Assert.Throws<ObjectDisposedException>(() => semaphore.TryAcquire(out _));

        held.Dispose();
        Assert.Throws<ObjectDisposedException>(() => semaphore.TryAcquire(out _));
        Assert.Throws<ObjectDisposedException>(() => semaphore.TryAcquire(2, out _));
        Assert.Throws<ObjectDisposedException>(() => { _ = semaphore.AcquireAsync(Token); });
        Assert.Equal(2, semaphore.AvailablePermits);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void Once_warmed_up_neither_a_free_permit_nor_a_wait_allocates(int weight, bool hasToken)
    {
        using var semaphore = new AsyncSemaphore(2);
        using var cancel = new CancellationTokenSource();
        CancellationToken token = hasToken ? cancel.Token : CancellationToken.None;
        Rounds(2_000);

        Assert.Equal(0, Rounds(1_000));

        long Rounds(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < count; round++)
            {
                AsyncSemaphore.Permit all = semaphore.AcquireAsync(2, token).Result;
                ValueTask<AsyncSemaphore.Permit> wait = semaphore.AcquireAsync(weight, token);
                all.Dispose();
                wait.Result.Dispose();
                semaphore.AcquireAsync(token).Result.Dispose();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Permits_that_nobody_waits_for_allocate_nothing()
    {
        using var semaphore = new AsyncSemaphore(3);
        Rounds();

        Assert.Equal(0, Rounds());

        long Rounds()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < 100; round++)
            {
                using AsyncSemaphore.Permit two = semaphore.AcquireAsync(2, Token).Result;
                using AsyncSemaphore.Permit one = semaphore.AcquireAsync(Token).Result;
                Assert.False(semaphore.TryAcquire(out _));
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task The_places_of_those_who_were_canceled_are_kept_for_the_next_ones()
    {
        using var semaphore = new AsyncSemaphore(1);
        using var cancel = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        Task<AsyncSemaphore.Permit>[] waits = [.. Enumerable.Range(0, 3).Select(_ => semaphore.AcquireAsync(cancel.Token).AsTask())];
        await cancel.CancelAsync();
        await Task.WhenAll(waits).Cancellation();

        Assert.Equal(3, Kept(semaphore));
        held.Dispose();
    }

    [Fact]
    public void Of_a_crowd_that_came_once_no_more_places_are_kept_than_a_few_hundred()
    {
        using var semaphore = new AsyncSemaphore(1);
        for (int crowd = 0; crowd < 2; crowd++)
        {
            AsyncSemaphore.Permit held = semaphore.AcquireAsync(Token).Result;
            ValueTask<AsyncSemaphore.Permit>[] waits = [.. Enumerable.Range(0, 1_000).Select(_ => semaphore.AcquireAsync(Token))];
            foreach (ValueTask<AsyncSemaphore.Permit> wait in waits)
            {
                held.Dispose();
                held = wait.Result;
            }

            held.Dispose();
        }

        Assert.InRange(Kept(semaphore), 1, 256);
    }

    private static int Kept(AsyncSemaphore semaphore)
    {
        int kept = 0;
        for (SemaphoreSlot? slot = FreeOf(semaphore); slot is not null; slot = slot.Next)
        {
            kept++;
        }

        return kept;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_free")]
    private static extern ref SemaphoreSlot? FreeOf(AsyncSemaphore semaphore);
}
