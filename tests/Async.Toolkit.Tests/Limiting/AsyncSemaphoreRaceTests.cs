// The waits are kept on purpose: each is awaited once, and looked at before that.
#pragma warning disable CA2012, xUnit1031
using System.Runtime.CompilerServices;
using Xunit;

namespace Async.Toolkit.Tests.Limiting;

/// <summary>Real threads against each other; what counts is what is left at the end.</summary>
public sealed class AsyncSemaphoreRaceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_million_races_of_a_cancellation_with_a_release_conserve_the_permits()
    {
        const int Races = 1_000_000;
        using var semaphore = new AsyncSemaphore(1);
        using var together = new Barrier(2);
        var sources = new CancellationTokenSource[500];
        int canceling = -1;
        int releasing = -1;
        int canceled = 0;
        int granted = 0;

        // Two threads meet before each batch; then one cancels the batch's tokens, the last one first, while the other one releases what the
        // same waits wait for, the first one first: wherever they meet, they race.
        Task canceler = Task.Factory.StartNew(() =>
        {
            for (int batch = 0; batch < Races / sources.Length; batch++)
            {
                together.SignalAndWait(Limit);
                Volatile.Write(ref canceling, batch);
                if (batch % 2 == 1)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref releasing) == batch, Limit);
                }

                for (int i = sources.Length - 1; i >= 0; i--)
                {
                    sources[i].Cancel();
                }

                together.SignalAndWait(Limit);
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Task releaser = Task.Factory.StartNew(() =>
        {
            var waits = new ValueTask<AsyncSemaphore.Permit>[sources.Length];
            for (int batch = 0; batch < Races / sources.Length; batch++)
            {
                AsyncSemaphore.Permit held = semaphore.AcquireAsync(CancellationToken.None).Result;
                for (int i = 0; i < sources.Length; i++)
                {
                    sources[i] = new CancellationTokenSource();
                    waits[i] = semaphore.AcquireAsync(sources[i].Token);
                }

                together.SignalAndWait(Limit);

                // Each of the two waits for the other one to be on its way, by turns: on a machine that has only one core to spare, whoever
                // went on first would win every race.
                Volatile.Write(ref releasing, batch);
                if (batch % 2 == 0)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref canceling) == batch, Limit);
                }

                for (int i = 0; i < waits.Length; i++)
                {
                    held.Dispose();
                    held = default;

                    // Whoever has been granted holds the only permit: look for the next one in order.
                    SpinWait.SpinUntil(() => waits[i].IsCompleted, Limit);
                    try
                    {
                        held = waits[i].Result;
                        granted++;
                    }
                    catch (OperationCanceledException)
                    {
                        canceled++;
                    }
                }

                held.Dispose();
                together.SignalAndWait(Limit);
                Assert.Equal(1, semaphore.AvailablePermits);
                Assert.Equal(0, semaphore.WaitingCount);
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await Task.WhenAll(canceler, releaser).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(Races / sources.Length * sources.Length, granted + canceled);
        Assert.True(granted > 0 && canceled > 0, $"The race had one outcome only: {granted} granted, {canceled} canceled.");
    }

    [Fact]
    public void A_cancellation_that_comes_too_late_never_hits_the_next_one_who_waits()
    {
        using var semaphore = new AsyncSemaphore(1);
        using var late = new CancellationTokenSource();
        Assert.True(semaphore.TryAcquire(out AsyncSemaphore.Permit first));
        ValueTask<AsyncSemaphore.Permit> second = semaphore.AcquireAsync(late.Token);
        first.Dispose();

        // The one who waited has its permit; the callback of its token is called all the same, and held up at the gate, until its slot might
        // serve another one who waits.
        var canceler = new Thread(late.Cancel);
        ValueTask<AsyncSemaphore.Permit> third;
        ValueTask<AsyncSemaphore.Permit> fourth;
        lock (GateOf(semaphore))
        {
            canceler.Start();
            Assert.True(SpinWait.SpinUntil(() => canceler.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Limit));
            AsyncSemaphore.Permit permit = second.Result;
            third = semaphore.AcquireAsync(CancellationToken.None);
            permit.Dispose();
            fourth = semaphore.AcquireAsync(CancellationToken.None);
        }

        canceler.Join();
        Assert.False(fourth.IsCompleted);
        third.Result.Dispose();
        Assert.True(fourth.IsCompletedSuccessfully);
        fourth.Result.Dispose();
        Assert.Equal(1, semaphore.AvailablePermits);
    }

    [Fact]
    public async Task Never_more_are_inside_than_there_are_permits_and_all_are_there_at_the_end()
    {
        const int Permits = 5;
        using var semaphore = new AsyncSemaphore(Permits);
        int inside = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                int weight = (worker + i) % 7 == 0 ? 3 : 1;
                using var cancel = new CancellationTokenSource();
                ValueTask<AsyncSemaphore.Permit> wait = semaphore.AcquireAsync(weight, cancel.Token);
                if (i % 11 == 0)
                {
                    await cancel.CancelAsync();
                }

                try
                {
                    using AsyncSemaphore.Permit permit = await wait;
                    int now = Interlocked.Add(ref inside, weight);
                    Assert.InRange(now, 1, Permits);
                    InterlockedMax(ref most, now);
                    if (i % 3 == 0)
                    {
                        await Task.Yield();
                    }

                    Interlocked.Add(ref inside, -weight);
                }
                catch (OperationCanceledException)
                {
                }
            }
        }, TestContext.Current.CancellationToken))).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(Permits, semaphore.AvailablePermits);
        Assert.Equal(0, semaphore.WaitingCount);
        Assert.True(most > 1);
    }

    [Fact]
    public async Task Copies_of_a_permit_that_race_to_release_it_give_back_one()
    {
        using var semaphore = new AsyncSemaphore(2);
        using var start = new Barrier(2);
        int released = 0;
        AsyncSemaphore.Permit shared = default;
        Task[] both = [.. Enumerable.Range(0, 2).Select(index => Task.Factory.StartNew(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (index == 0)
                {
                    Assert.True(semaphore.TryAcquire(out shared));
                }

                start.SignalAndWait(Limit);
                try
                {
                    shared.Dispose();
                    Interlocked.Increment(ref released);
                }
                catch (InvalidOperationException)
                {
                }

                start.SignalAndWait(Limit);
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        await Task.WhenAll(both).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(20_000, released);
        Assert.Equal(2, semaphore.AvailablePermits);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_gate")]
    private static extern ref readonly Lock GateOf(AsyncSemaphore semaphore);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) is var found && found != seen)
        {
            seen = found;
        }
    }
}
