using Xunit;

namespace Async.Toolkit.Tests.Exact;

public sealed class SemaphoreAllocations
{
    private const int Rounds = 10;
    private const int Operations = 2_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_free_permit_costs_nothing(bool cancellable)
    {
        using var caller = new CancellationTokenSource();
        CancellationToken token = cancellable ? caller.Token : CancellationToken.None;
        using var semaphore = new AsyncSemaphore(2);
        long bytes = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Operations; i++)
            {
                using AsyncSemaphore.Permit one = Taken(semaphore.AcquireAsync(token));
                using AsyncSemaphore.Permit other = Taken(semaphore.AcquireAsync(1, token));
            }

            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, bytes);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    public async Task A_permit_that_is_fought_over_with_one_long_lived_token_costs_nothing_after_warm_up(int permits, int workers)
    {
        using var caller = new CancellationTokenSource();
        using var semaphore = new AsyncSemaphore(permits);
        bool isOver = false;
        long bytes = long.MaxValue;

        async Task Rival()
        {
            while (!Volatile.Read(ref isOver))
            {
                using AsyncSemaphore.Permit permit = await semaphore.AcquireAsync(caller.Token);
                await Task.Yield();
            }
        }

        Task[] rivals = [.. Enumerable.Range(1, workers - 1).Select(_ => Task.Run(Rival, TestContext.Current.CancellationToken))];
        await Task.Run(async () =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                for (int i = 0; i < Operations; i++)
                {
                    using AsyncSemaphore.Permit permit = await semaphore.AcquireAsync(caller.Token);
                    await Task.Yield();
                }

                // The whole process is counted: the least of the rounds is the one that nobody else disturbed.
                bytes = Math.Min(bytes, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
        }, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(rivals).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(0, bytes);
    }

    private static AsyncSemaphore.Permit Taken(ValueTask<AsyncSemaphore.Permit> wait)
    {
        Assert.True(wait.IsCompletedSuccessfully);
        return wait.Result;
    }
}
