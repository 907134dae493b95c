using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>One thread, first in first out.</summary>
public sealed class EventLoopOrderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_hundred_thousand_interleaved_continuations_run_on_one_thread_and_in_order()
    {
        const int Walkers = 100;
        const int Steps = 1_000;
        var order = new List<int>(Walkers * Steps);
        int foreign = 0;
        int loop = Environment.CurrentManagedThreadId;

        EventLoop.Run(ct => Task.WhenAll(Enumerable.Range(0, Walkers).Select(WalkAsync)), Cancel);

        Assert.Equal(0, foreign);
        Assert.Equal(Enumerable.Range(0, Walkers * Steps).Select(n => n % Walkers), order);

        async Task WalkAsync(int walker)
        {
            for (int step = 0; step < Steps; step++)
            {
                foreign += Environment.CurrentManagedThreadId == loop ? 0 : 1;
                order.Add(walker);
                await Task.Yield();
            }
        }
    }

    [Fact]
    public void Main_begins_on_the_callers_thread_before_anything_that_it_posts()
    {
        var order = new List<string>();
        EventLoop.Run(
            async ct =>
            {
                EventLoop.Current.Post(() => order.Add("posted"));
                order.Add("main");
                await Task.Yield();
                order.Add("main again");
            },
            Cancel);

        Assert.Equal(["main", "posted", "main again"], order);
    }

    [Fact]
    public void What_is_posted_with_a_state_gets_it()
    {
        object state = new();
        object? seen = null;
        EventLoop.Run(
            ct =>
            {
                EventLoop.Current.Post(given => seen = given, state);
                return Task.CompletedTask;
            },
            Cancel);

        Assert.Same(state, seen);
    }

    [Fact]
    public void Timers_come_back_to_the_loop()
    {
        int loop = Environment.CurrentManagedThreadId;
        EventLoop.Run(
            async ct =>
            {
                for (int i = 0; i < 5; i++)
                {
                    await Task.Delay(1, ct);
                    Assert.Equal(loop, Environment.CurrentManagedThreadId);
                }
            },
            Cancel);
    }

    [Fact]
    public void Socket_traffic_comes_back_to_the_loop()
    {
        const int Rounds = 50;
        int loop = Environment.CurrentManagedThreadId;
        int echoed = EventLoop.Run(
            async ct =>
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                EventLoop.Current.Group.Start(token => EchoAsync(listener, token));
                using var client = new TcpClient();
                await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, ct);
                AssertOnLoop();
                NetworkStream stream = client.GetStream();
                byte[] buffer = new byte[1];
                int same = 0;
                for (byte i = 0; i < Rounds; i++)
                {
                    buffer[0] = i;
                    await stream.WriteAsync(buffer, ct);
                    AssertOnLoop();
                    buffer[0] = byte.MaxValue;
                    await stream.ReadExactlyAsync(buffer, ct);
                    AssertOnLoop();
                    same += buffer[0] == i ? 1 : 0;
                }

                return same;
            },
            Cancel);

        Assert.Equal(Rounds, echoed);

        async Task EchoAsync(TcpListener listener, CancellationToken ct)
        {
            AssertOnLoop();
            using TcpClient peer = await listener.AcceptTcpClientAsync(ct);
            NetworkStream stream = peer.GetStream();
            byte[] buffer = new byte[1];
            while (await stream.ReadAsync(buffer, ct) > 0)
            {
                AssertOnLoop();
                await stream.WriteAsync(buffer, ct);
                AssertOnLoop();
            }
        }

        void AssertOnLoop() => Assert.Equal(loop, Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void Posts_of_many_threads_run_on_the_loop_each_in_its_threads_order()
    {
        const int Threads = 4;
        const int Posts = 20_000;
        int loopThread = Environment.CurrentManagedThreadId;
        int foreign = 0;
        int[] next = new int[Threads];
        int outOfOrder = 0;

        EventLoop.Run(
            async ct =>
            {
                EventLoop loop = EventLoop.Current;
                await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() => PostAll(loop, thread), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            },
            Cancel);

        Assert.Equal(0, foreign);
        Assert.Equal(0, outOfOrder);
        Assert.All(next, count => Assert.Equal(Posts, count));

        void PostAll(EventLoop loop, int thread)
        {
            for (int i = 0; i < Posts; i++)
            {
                int number = i;
                loop.Post(() =>
                {
                    foreign += Environment.CurrentManagedThreadId == loopThread ? 0 : 1;
                    outOfOrder += next[thread]++ == number ? 0 : 1;
                });
            }
        }
    }

    [Fact]
    public void Children_in_the_callers_context_stay_on_the_loop_and_start_in_order()
    {
        int loop = Environment.CurrentManagedThreadId;
        var order = new List<int>();
        EventLoop.Run(
            ct => TaskGroup.RunAsync(
                new() { ChildContext = ChildContext.Caller },
                async group =>
                {
                    for (int i = 0; i < 10; i++)
                    {
                        int child = i;
                        group.Start(async token =>
                        {
                            Assert.Equal(loop, Environment.CurrentManagedThreadId);
                            order.Add(child);
                            await Task.Delay(1, token);
                            Assert.Equal(loop, Environment.CurrentManagedThreadId);
                        });
                    }

                    Assert.Equal(3, await group.Run(async token =>
                    {
                        await Task.Yield();
                        Assert.Equal(loop, Environment.CurrentManagedThreadId);
                        return 3;
                    }));
                    Assert.Equal(loop, Environment.CurrentManagedThreadId);
                },
                ct),
            Cancel);

        Assert.Equal(Enumerable.Range(0, 10), order);
    }

    [Fact]
    public void Posted_callbacks_get_the_async_locals_of_the_post_and_leave_none_behind()
    {
        var local = new AsyncLocal<string?>();
        var seen = new List<string?>();
        local.Value = "before the loop";
        EventLoop.Run(
            ct =>
            {
                EventLoop loop = EventLoop.Current;
                local.Value = "posted";
                loop.Post(() =>
                {
                    seen.Add(local.Value);
                    local.Value = "left behind";
                });
                local.Value = "main";
                SynchronizationContext.Current!.Post(_ => seen.Add(local.Value), null);
                return Task.CompletedTask;
            },
            Cancel);

        Assert.Equal(["posted", "before the loop"], seen);
        Assert.Equal("before the loop", local.Value);
    }

    [Fact]
    public void A_callback_that_changes_the_context_does_not_change_it_for_the_next_one()
    {
        SynchronizationContext? seen = null;
        SynchronizationContext? own = null;
        EventLoop.Run(
            ct =>
            {
                own = SynchronizationContext.Current;
                EventLoop.Current.Post(() => SynchronizationContext.SetSynchronizationContext(new SynchronizationContext()));
                EventLoop.Current.Post(() => seen = SynchronizationContext.Current);
                return Task.CompletedTask;
            },
            Cancel);

        Assert.NotNull(own);
        Assert.Same(own, seen);
        Assert.Same(own, own.CreateCopy());
    }

    [Fact]
    public void What_has_run_is_released_while_the_loop_goes_on() =>
        EventLoop.Run(
            async ct =>
            {
                WeakReference state = PostOne(EventLoop.Current);
                for (int i = 0; i < 3; i++)
                {
                    await Task.Yield();
                }

                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                Assert.False(state.IsAlive);
            },
            Cancel);

    [Fact]
    public void Send_from_another_thread_returns_when_the_callback_has_run_on_the_loop() =>
        EventLoop.Run(
            async ct =>
            {
                int loop = Environment.CurrentManagedThreadId;
                SynchronizationContext context = SynchronizationContext.Current!;
                int ranOn = await Task.Run(
                    () =>
                    {
                        int thread = 0;
                        context.Send(_ => thread = Environment.CurrentManagedThreadId, null);
                        return thread;
                    },
                    ct);
                Assert.Equal(loop, ranOn);
            },
            Cancel);

    [Fact]
    public void Send_on_the_loop_itself_runs_at_once() =>
        EventLoop.Run(
            ct =>
            {
                bool ran = false;
                SynchronizationContext.Current!.Send(_ => ran = true, null);
                Assert.True(ran);
                return Task.CompletedTask;
            },
            Cancel);

    [Fact]
    public async Task Send_on_the_loop_itself_runs_at_once_also_while_another_context_is_current() =>
        Assert.True(await Task.Factory.StartNew(
            () => EventLoop.Run(
                ct =>
                {
                    SynchronizationContext loop = SynchronizationContext.Current!;
                    bool ran = false;
                    SynchronizationContext.SetSynchronizationContext(null);
                    loop.Send(_ => ran = true, null);
                    return Task.FromResult(ran);
                },
                Cancel),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Guarded());

    [Fact]
    public void Send_throws_its_callbacks_failure_at_the_sender_and_the_loop_goes_on()
    {
        var failure = new InvalidDataException();
        Exception? seen = EventLoop.Run(
            ct =>
            {
                SynchronizationContext context = SynchronizationContext.Current!;
                return Task.Run(() => Record.Exception(() => context.Send(_ => throw failure, null)), ct);
            },
            Cancel);

        Assert.Same(failure, seen);
    }

    private static WeakReference PostOne(EventLoop loop)
    {
        // Behind others, where no later post overwrites it.
        for (int i = 0; i < 10; i++)
        {
            loop.Post(static _ => { }, null);
        }

        object state = new();
        loop.Post(static _ => { }, state);
        return new WeakReference(state);
    }
}
