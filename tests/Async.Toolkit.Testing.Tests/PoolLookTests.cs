using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>The look at the pool itself, against items that come, go and hand over to others as quickly as they can.</summary>
public sealed class PoolLookTests
{
    private const int Looks = 200_000;
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    // From outside of the pool, so that items also come when no worker is about.
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public async Task No_look_misses_an_item_that_was_queued_before_and_ended_after_it(int burst)
    {
        long queued = 0;
        long ended = 0;
        int stopped = 0;
        Task source = OnThread(() =>
        {
            while (Volatile.Read(ref stopped) == 0)
            {
                for (int i = 0; i < burst; i++)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(_ => Interlocked.Increment(ref ended), null);
                    Interlocked.Increment(ref queued);
                }

                SpinWait.SpinUntil(() => Volatile.Read(ref stopped) == 1 || Interlocked.Read(ref ended) == Interlocked.Read(ref queued));
            }
        });
        int missed = 0;
        int idle = 0;
        await OnThread(() =>
        {
            for (int i = 0; i < Looks; i++)
            {
                long before = Interlocked.Read(ref queued);
                if (PoolLook.IsIdle(own: 0))
                {
                    idle++;
                    missed += Interlocked.Read(ref ended) < before ? 1 : 0;
                }
            }
        });

        Volatile.Write(ref stopped, 1);
        await source.WaitAsync(Guard, TestToken);
        Assert.Equal(0, missed);
        Assert.True(await IsIdleInTheEnd());
    }

    // Each item queues the next one before it ends: there is always one.
    [Theory, InlineData(1), InlineData(3)]
    public async Task No_look_falls_between_an_item_and_the_one_that_it_leaves(int chains)
    {
        int stopped = 0;
        using var ended = new CountdownEvent(chains);
        void Link(object? _)
        {
            if (Volatile.Read(ref stopped) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem<object?>(Link, null, preferLocal: Random.Shared.Next(2) == 0);
            }
            else
            {
                ended.Signal();
            }
        }

        for (int i = 0; i < chains; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(Link, null);
        }

        int idle = 0;
        await OnThread(() =>
        {
            for (int i = 0; i < Looks; i++)
            {
                idle += PoolLook.IsIdle(own: 0) ? 1 : 0;
            }
        });

        Volatile.Write(ref stopped, 1);
        Assert.True(ended.Wait(Guard, TestToken));
        Assert.Equal(0, idle);
        Assert.True(await IsIdleInTheEnd());
    }

    [Fact]
    public async Task A_worker_does_not_see_itself()
    {
        bool alone = false;
        await Task.Run(() => alone = SpinWait.SpinUntil(static () => PoolLook.IsIdle(own: 1), Guard), TestToken);
        Assert.True(alone);
    }

    // Without this, a look that sees nothing of the pool but the test's own worker would pass the tests above.
    private static async Task<bool> IsIdleInTheEnd()
    {
        bool idle = false;
        await OnThread(() => idle = SpinWait.SpinUntil(static () => PoolLook.IsIdle(own: 0), Guard));
        return idle;
    }

    private static Task OnThread(Action work)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            work();
            end.SetResult();
        }).Start();
        return end.Task.WaitAsync(Guard, TestToken);
    }
}
