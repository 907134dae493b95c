using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>What the end of a loop waits for, and what it leaves: nothing.</summary>
public sealed class EventLoopEndTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Children_that_are_left_over_are_canceled_and_awaited_on_the_loop()
    {
        int loop = Environment.CurrentManagedThreadId;
        var order = new List<string>();
        EventLoop.Run(
            async ct =>
            {
                EventLoop.Current.Group.Start(async token =>
                {
                    Assert.Equal(ct, token);
                    try
                    {
                        await Task.Delay(Timeout.Infinite, token);
                    }
                    finally
                    {
                        await Task.Yield();
                        order.Add(Environment.CurrentManagedThreadId == loop ? "cleanup on the loop" : "cleanup elsewhere");
                    }
                });
                await Task.Yield();
                order.Add("main returns");
            },
            Cancel);

        Assert.Equal(["main returns", "cleanup on the loop"], order);
    }

    [Fact]
    public void Posted_callbacks_that_are_left_over_run_before_the_end()
    {
        int ran = 0;
        EventLoop.Run(
            ct =>
            {
                EventLoop loop = EventLoop.Current;
                loop.Post(() => loop.Post(() => loop.Post(() => ran++)));
                return Task.CompletedTask;
            },
            Cancel);

        Assert.Equal(1, ran);
    }

    [Fact]
    public void Async_void_methods_are_awaited_before_the_end()
    {
        bool ended = false;
        EventLoop.Run(
            ct =>
            {
                EventLoop.Current.Post(async () =>
                {
                    // Ends on the pool, where no turn of the loop tells of it.
                    await Task.Delay(1, CancellationToken.None).ConfigureAwait(false);
                    await Task.Delay(1, CancellationToken.None).ConfigureAwait(false);
                    ended = true;
                });
                return Task.CompletedTask;
            },
            Cancel);

        Assert.True(ended);
    }

    [Fact]
    public void The_token_of_main_is_canceled_when_main_has_returned()
    {
        CancellationToken seen = default;
        EventLoop.Run(
            ct =>
            {
                seen = ct;
                Assert.False(ct.IsCancellationRequested);
                return Task.CompletedTask;
            },
            Cancel);

        Assert.True(seen.IsCancellationRequested);
    }

    [Fact]
    public void After_the_end_nothing_of_the_loop_is_left_on_the_thread()
    {
        var before = new SynchronizationContext();
        SynchronizationContext? previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(before);
        try
        {
            EventLoop.Run(async ct => await Task.Yield(), Cancel);
            Assert.Same(before, SynchronizationContext.Current);
            AssertNoLoop();

            Assert.Throws<InvalidDataException>(() => EventLoop.Run((Func<CancellationToken, Task>)(ct => throw new InvalidDataException()), Cancel));
            Assert.Same(before, SynchronizationContext.Current);
            AssertNoLoop();

            Assert.ThrowsAny<OperationCanceledException>(() => EventLoop.Run(ct => Task.CompletedTask, new CancellationToken(canceled: true)));
            Assert.Same(before, SynchronizationContext.Current);
            AssertNoLoop();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        static void AssertNoLoop() =>
            Assert.Contains("No event loop runs on this thread", Assert.Throws<InvalidOperationException>(() => EventLoop.Current).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_end_neither_the_token_nor_the_thread_holds_the_loop()
    {
        using var longLived = new CancellationTokenSource();
        WeakReference loop = RunOne(longLived.Token);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(loop.IsAlive);

        static WeakReference RunOne(CancellationToken token)
        {
            WeakReference? loop = null;
            EventLoop.Run(
                async ct =>
                {
                    loop = new WeakReference(EventLoop.Current);
                    await Task.Yield();
                },
                token);
            return loop!;
        }
    }

    [Fact]
    public async Task A_delay_that_ends_after_the_loop_continues_on_the_pool_and_is_logged()
    {
        var clock = new FakeTimeProvider();
        var log = new LogRecorder();
        var late = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        EventLoop.Run(
            new() { Name = "short", Logger = log },
            ct =>
            {
                _ = ContinueLateAsync();
                return Task.CompletedTask;
            },
            Cancel);
        Assert.Empty(log.Entries);

        // A thread that is nobody's: the late continuation must not run on it.
        var timer = new Thread(() => clock.Advance(TimeSpan.FromSeconds(1)));
        timer.Start();

        Assert.True(await late.Task.WaitAsync(Guard, Cancel));
        var entry = Assert.Single(log.Entries);
        Assert.Equal((22, LogLevel.Warning), (entry.Id, entry.Level));
        Assert.Contains("'short'", entry.Text, StringComparison.Ordinal);

        async Task ContinueLateAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            late.SetResult(Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null);
        }
    }

    [Fact]
    public async Task A_callback_that_fails_after_the_end_is_logged_and_ends_nothing()
    {
        var log = new LogRecorder();
        var local = new AsyncLocal<string?> { Value = "of the post" };
        var failure = new InvalidDataException();
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        EventLoop? loop = null;
        EventLoop.Run(
            new() { Logger = log },
            ct =>
            {
                loop = EventLoop.Current;
                return Task.CompletedTask;
            },
            Cancel);

        loop!.Post(() =>
        {
            seen.SetResult(local.Value);
            throw failure;
        });

        Assert.Equal("of the post", await seen.Task.WaitAsync(Guard, Cancel));
        Assert.True(SpinWait.SpinUntil(() => log.Entries.Count == 2, Guard));
        Assert.Equal([22, 23], log.Ids);
        Assert.Same(failure, log.Entries.Last().Failure);
    }

    [Fact]
    public void Send_after_the_end_says_that_the_loop_has_ended()
    {
        SynchronizationContext? context = null;
        EventLoop.Run(
            new() { Name = "gone" },
            ct =>
            {
                context = SynchronizationContext.Current;
                return Task.CompletedTask;
            },
            Cancel);

        var thrown = Assert.Throws<InvalidOperationException>(() => context!.Send(_ => { }, null));
        Assert.Contains("'gone' has ended", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_do_not_nest_and_the_outer_one_goes_on()
    {
        int result = EventLoop.Run(
            new() { Name = "outer" },
            async ct =>
            {
                var thrown = Assert.Throws<InvalidOperationException>(() => EventLoop.Run(token => Task.CompletedTask, ct));
                Assert.Contains("'outer' already runs on this thread", thrown.Message, StringComparison.Ordinal);
                await Task.Yield();
                Assert.Equal("outer", EventLoop.Current.Name);
                return 1;
            },
            Cancel);

        Assert.Equal(1, result);
    }

    [Fact]
    public void A_loop_may_run_another_one_on_another_thread() =>
        Assert.Equal("inner", EventLoop.Run(
            ct => Task.Run(
                () => EventLoop.Run(
                    new() { Name = "inner" },
                    async token =>
                    {
                        await Task.Yield();
                        return EventLoop.Current.Name;
                    },
                    ct),
                ct),
            Cancel));

    [Fact]
    public void A_thread_can_run_one_loop_after_another()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i, EventLoop.Run(
                async ct =>
                {
                    await Task.Yield();
                    return i;
                },
                Cancel));
        }
    }

    [Fact]
    public void Nothing_that_races_with_the_end_is_lost()
    {
        const int Rounds = 500;
        int ran = 0;
        for (int round = 0; round < Rounds; round++)
        {
            EventLoop.Run(
                ct =>
                {
                    EventLoop loop = EventLoop.Current;
                    _ = Task.Run(() => loop.Post(() => Interlocked.Increment(ref ran)), Cancel);
                    return Task.CompletedTask;
                },
                Cancel);
        }

        // On the loop or, when the post came too late for it, on the pool.
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ran) == Rounds, Guard));
    }
}
