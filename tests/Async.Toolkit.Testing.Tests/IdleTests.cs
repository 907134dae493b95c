using System.Diagnostics;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>The clock stands still while anything can run. Alone in the process, where it moves as eagerly as it ever does.</summary>
[Collection(nameof(IdleTests))]
[CollectionDefinition(nameof(IdleTests), DisableParallelization = true)]
public sealed class IdleTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    // A periodic timer of one tick is always due: whenever the clock thinks that it may, it moves.
    private static async Task<TimeSpan> MovedWhile(VirtualTime time, Func<Task> work)
    {
        using ITimer eager = time.Provider.CreateTimer(static _ => { }, null, Tick, Tick);
        TimeSpan before = time.Elapsed;
        await work();
        return time.Elapsed - before;
    }

    [Fact]
    public Task The_clock_moves_where_nothing_runs() => VirtualTime.RunAsync(async time =>
    {
        // The other tests mean nothing unless this one passes.
        Assert.Equal(1000 * Tick, await MovedWhile(time, () => time.AdvanceAsync(1000 * Tick)));
    }, TestToken);

    [Fact]
    public Task It_does_not_move_while_items_run_one_behind_the_other() => VirtualTime.RunAsync(async time =>
        Assert.Equal(TimeSpan.Zero, await MovedWhile(time, async () =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                await Task.Yield();
            }
        })), TestToken);

    [Fact]
    public Task It_does_not_move_while_items_queue_others_for_any_worker() => VirtualTime.RunAsync(async time =>
        Assert.Equal(TimeSpan.Zero, await MovedWhile(time, () => Task.WhenAll(Enumerable.Range(0, 5).Select(async chain =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                await Task.Run(async () => await Task.Yield(), TestToken);
                await Task.Factory.StartNew(static () => { }, TestToken, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
            }
        })))), TestToken);

    [Fact]
    public Task It_does_not_move_while_an_item_computes() => VirtualTime.RunAsync(async time =>
        Assert.Equal(TimeSpan.Zero, await MovedWhile(time, () => Task.Run(static () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                Thread.SpinWait(100);
                Thread.Yield();
            }
        }, TestToken))), TestToken);

    [Fact]
    public Task It_does_not_move_while_an_item_waits_behind_others_that_block_every_worker() => VirtualTime.RunAsync(async time =>
    {
        using var blocked = new CountdownEvent(Environment.ProcessorCount);
        using var release = new ManualResetEventSlim();
        TimeSpan moved = await MovedWhile(time, async () =>
        {
            Task[] blocking = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() =>
            {
                blocked.Signal();
                release.Wait(TestToken);
            }, TestToken))];
            Task releasing = Task.Run(() =>
            {
                blocked.Wait(TestToken);
                release.Set();
            }, TestToken);
            await Task.WhenAll([.. blocking, releasing]);
        });
        Assert.Equal(TimeSpan.Zero, moved);
    }, TestToken);

    [Fact]
    public Task It_does_not_move_while_a_timer_callback_runs_or_what_comes_of_it() => VirtualTime.RunAsync(async time =>
    {
        var moved = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        async void Callback(object? _)
        {
            TimeSpan before = time.Elapsed;
            Thread.Yield();
            for (int i = 0; i < 1_000; i++)
            {
                await Task.Yield();
            }

            moved.SetResult(time.Elapsed - before);
        }

        using ITimer eager = time.Provider.CreateTimer(static _ => { }, null, Tick, Tick);
        using ITimer timer = time.Provider.CreateTimer(Callback, null, 10 * Tick, Timeout.InfiniteTimeSpan);
        Assert.Equal(TimeSpan.Zero, await moved.Task);
    }, TestToken);

    [Fact]
    public Task It_does_not_move_while_a_callback_has_ended_and_another_worker_runs_what_it_began() => VirtualTime.RunAsync(async time =>
    {
        var moved = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var began = new ManualResetEventSlim();
        using ITimer eager = time.Provider.CreateTimer(static _ => { }, null, Tick, Tick);
        using ITimer timer = time.Provider.CreateTimer(_ =>
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                TimeSpan before = time.Elapsed;
                began.Set();
                for (int i = 0; i < 2_000; i++)
                {
                    Thread.SpinWait(100);
                    Thread.Yield();
                }

                moved.SetResult(time.Elapsed - before);
            });
            began.Wait(TestToken);
        }, null, 10 * Tick, Timeout.InfiniteTimeSpan);
        Assert.Equal(TimeSpan.Zero, await moved.Task);
    }, TestToken);

    [Fact]
    public Task It_does_not_move_inside_SettleAsync() => VirtualTime.RunAsync(async time =>
        Assert.Equal(TimeSpan.Zero, await MovedWhile(time, async () =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                await time.SettleAsync();
            }
        })), TestToken);

    [Fact]
    public Task It_does_not_move_while_real_work_is_under_way() => VirtualTime.RunAsync(async time =>
    {
        int result = 0;
        Assert.Equal(TimeSpan.Zero, await MovedWhile(time, async () =>
        {
            result = await time.RealTimeAsync(() => OnThread(() =>
            {
                SeeThePoolIdle();
                return 7;
            }));
        }));
        Assert.Equal(7, result);
    }, TestToken);

    [Fact]
    public Task It_does_not_move_while_one_of_several_real_works_is_under_way() => VirtualTime.RunAsync(async time =>
    {
        Assert.Equal(TimeSpan.Zero, await MovedWhile(time, async () =>
        {
            using var first = new ManualResetEventSlim();
            Task<int> second = time.RealTimeAsync(() => OnThread(() =>
            {
                first.Wait(TestToken);
                SeeThePoolIdle();
                return 0;
            }));
            await time.RealTimeAsync(() => OnThread(() => 0));
            first.Set();
            await second;
        }));
        await time.AdvanceAsync(Tick);
    }, TestToken);

    // Longer than a host's thread takes to be known as one. An async method takes the context back with it that tells who called.
    [Theory, InlineData(false), InlineData(true)]
    public Task A_caller_that_works_on_on_its_thread_of_the_pool_is_no_host(bool callsInAsyncMethod) => Task.Run(() =>
    {
        var signal = new TaskCompletionSource();
        async Task CallerAsync() => await VirtualTime.RunAsync(_ => signal.Task, TestToken);
        Task run = callsInAsyncMethod ? CallerAsync() : VirtualTime.RunAsync(_ => signal.Task, TestToken);
        long begun = Stopwatch.GetTimestamp();
        WorkUntil(() => Stopwatch.GetElapsedTime(begun) > 5 * HostWorkers.Steady);
        signal.SetResult();
        return run;
    }, TestToken);

    // As xunit 2 does that runs one test at a time: it waits for all of them on the thread on which it has begun the first one.
    [Fact]
    public Task A_caller_that_blocks_behind_an_async_method_holds_no_clock_up() => Task.Run(
        () =>
        {
            async Task<TimeSpan> CallAsync() => await VirtualTime.RunAsync(
                async time =>
                {
                    await time.Delay(TimeSpan.FromDays(1));
                    return time.Elapsed;
                },
                TestToken);
            Assert.Equal(TimeSpan.FromDays(1), CallAsync().GetAwaiter().GetResult());
        },
        TestToken);

    [Fact]
    public Task A_deadlock_tells_of_a_caller_that_blocks() => Task.Run(
        () =>
        {
            async Task CallAsync() => await VirtualTime.RunAsync(static _ => new TaskCompletionSource().Task, TestToken);
            var deadlock = Assert.Throws<VirtualTimeDeadlockException>(() => CallAsync().GetAwaiter().GetResult());
            Assert.Contains("The thread on which the run was called for blocks", deadlock.Message, StringComparison.Ordinal);
        },
        TestToken);

    // The body begins while the caller is still there; what the caller goes on with in another item is nothing that was busy before.
    [Fact]
    public async Task What_a_caller_does_next_is_no_host()
    {
        using var hasBegun = new ManualResetEventSlim();
        var signal = new TaskCompletionSource();
        async Task CallAsync() => await VirtualTime.RunAsync(
            _ =>
            {
                hasBegun.Set();
                return signal.Task;
            },
            TestToken);
        await Task.Run(
            async () =>
            {
                Task run = CallAsync();
                WorkUntil(() => hasBegun.IsSet);
                await Task.Yield();
                Thread.Sleep(3 * HostWorkers.Steady);
                signal.SetResult();
                await run;
            },
            TestToken);
    }

    [Fact]
    public async Task Work_without_a_context_is_no_host_where_the_caller_was_the_only_one_busy()
    {
        using var isBusy = new ManualResetEventSlim();
        Task<TimeSpan> run = await Task.Run(
            () =>
            {
                Task<TimeSpan> run = VirtualTime.RunAsync(time => MovedWhile(time, () =>
                {
                    var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    ThreadPool.UnsafeQueueUserWorkItem(
                        _ =>
                        {
                            isBusy.Set();
                            Thread.Sleep(3 * HostWorkers.Steady);
                            end.SetResult();
                        },
                        null);
                    return end.Task;
                }), TestToken);
                WorkUntil(() => isBusy.IsSet);
                return Task.FromResult(run);
            },
            TestToken);
        Assert.Equal(TimeSpan.Zero, await run);
    }

    // Neither its first item nor those that follow in the context of the call: they stand in the place of a host.
    [Fact]
    public Task A_look_sees_no_rest_while_whoever_has_called_for_a_run_is_at_work() => Task.Run(
        async () =>
        {
            var end = new TaskCompletionSource();
            Task run = VirtualTime.RunAsync(time => time.RealTimeAsync(() => end.Task), TestToken);
            Assert.False(SeesHostAlone(static () => { }));
            await Task.Yield();
            Assert.False(SeesHostAlone(static () => { }));
            end.SetResult();
            await run;
            Assert.True(SeesHostAlone(static () => { }));
        },
        TestToken);

    // It stands in the place of a host.
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_look_sees_no_rest_while_the_item_goes_on_in_which_somebody_has_called_for_a_run(bool callsAgain)
    {
        var end = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        Task run = await Task.Run(
            () =>
            {
                Task run = CallAsync(end.Task, CancellationToken.None);
                if (callsAgain)
                {
                    _ = CallAsync(end.Task, cancel.Token);
                    cancel.Cancel();
                }

                Assert.False(SeesHostAlone(static () => { }));
                return Task.FromResult(run);
            },
            TestToken);

        // Behind the item, when the pool has named its thread again.
        await Task.Yield();
        Assert.True(SpinWait.SpinUntil(static () => SeesHostAlone(static () => { }), TimeSpan.FromSeconds(30)));
        Assert.False(run.IsCompleted);
        end.SetResult();
        await run;
    }

    // It comes in the place of an item of the host, and is gone when the look is over.
    [Fact]
    public async Task A_look_during_which_a_caller_comes_and_goes_sees_no_rest()
    {
        var end = new TaskCompletionSource();
        ExecutionContext? ofCaller = null;
        Task run = await Task.Run(
            () =>
            {
                Task run = VirtualTime.RunAsync(time => time.RealTimeAsync(() => end.Task), TestToken);
                ofCaller = ExecutionContext.Capture();
                return Task.FromResult(run);
            },
            TestToken);
        await Task.Run(
            () =>
            {
                Assert.True(SpinWait.SpinUntil(static () => SeesHostAlone(static () => { }), TimeSpan.FromSeconds(30)));
                Assert.False(SeesHostAlone(() => ExecutionContext.Run(ofCaller!, static _ => { }, null)));
            },
            TestToken);
        end.SetResult();
        await run;

        // Its run is over.
        await Task.Run(() => Assert.True(SeesHostAlone(() => ExecutionContext.Run(ofCaller!, static _ => { }, null))), TestToken);
    }

    // The context of the call is gone when it returns. Real work, so that the run does not end as a deadlock.
    private static async Task CallAsync(Task body, CancellationToken cancellationToken) =>
        await VirtualTime.RunAsync(time => time.RealTimeAsync(() => body), cancellationToken);

    private static bool SeesHostAlone(Action atEachRead) => PoolWatch.IsIdle(new HostOnly(atEachRead), own: 0, hosts: 1);

    [Fact]
    public Task A_look_at_the_pool_from_before_the_end_of_real_work_moves_nothing() => Task.Run(() =>
    {
        var run = new VirtualRun<Task>(new VirtualTimeOptions(), static _ => Task.CompletedTask, typeof(IdleTests).GetMethods()[0]);
        using ITimer due = run.Time.Provider.CreateTimer(static _ => { }, null, Tick, Timeout.InfiniteTimeSpan);
        run.EnterRealTime();
        long before = PoolWatch.RealWorkEnded;
        run.LeaveRealTime();

        // Whoever waited for the work may run by now, whatever the pool was like then.
        Assert.Equal(NextStep.None, run.TakeNext(before, run.FlowState, own: 0, out _));
        Assert.Equal(TimeSpan.Zero, run.Time.Elapsed);
        Assert.Equal(NextStep.Event, run.TakeNext(PoolWatch.RealWorkEnded, run.FlowState, own: 0, out _));
        Assert.Equal(Tick, run.Time.Elapsed);
    }, TestToken);

    [Fact]
    public Task Settling_waits_for_real_work() => VirtualTime.RunAsync(async time =>
    {
        Task<int> work = time.RealTimeAsync(() => OnThread(() =>
        {
            SeeThePoolIdle();
            return 0;
        }));
        await time.SettleAsync();
        Assert.True(work.IsCompleted);
    }, TestToken);

    [Fact]
    public Task After_real_work_on_a_thread_of_its_own_the_body_goes_on_on_the_pool() => VirtualTime.RunAsync(async time =>
    {
        // No asynchronous continuations: whoever completes this would run the rest of the body.
        var end = new TaskCompletionSource();
        await time.RealTimeAsync(() =>
        {
            new Thread(() =>
            {
                SeeThePoolIdle();
                end.SetResult();
            }).Start();
            return end.Task;
        });
        Assert.True(Thread.CurrentThread.IsThreadPoolThread);
        await time.AdvanceAsync(Tick);
    }, TestToken);

    [Fact]
    public Task Real_work_comes_in_all_shapes_and_its_failure_is_its_own() => VirtualTime.RunAsync(async time =>
    {
        var failure = new IOException();
        int done = 0;
        await time.RealTimeAsync(() => new ValueTask(Task.FromResult(done++)));
        await time.RealTimeAsync(() => Task.FromResult(done++) as Task);
        Assert.Equal(2, await time.RealTimeAsync(() => new ValueTask<int>(done)));
        Assert.Equal(2, await time.RealTimeAsync(() => Task.FromResult(done)));
        Assert.Equal(2, await time.RealTimeAsync(async () =>
        {
            await Task.Yield();
            return done;
        }));
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => time.RealTimeAsync(() => Task.FromException(failure))));
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => time.RealTimeAsync(Task<int> () => throw failure)));

        // No section has stayed open.
        await time.AdvanceAsync(Tick);
    }, TestToken);

    // Without blocking, which would make the thread of a caller one that the clock does not see.
    private static void WorkUntil(Func<bool> end)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!end())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));
            Thread.Yield();
        }
    }

    // Often enough for a clock that may move then to have done so.
    private static void SeeThePoolIdle()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.True(SpinWait.SpinUntil(static () => PoolLook.IsIdle(own: 0), TimeSpan.FromSeconds(20)));
            Thread.Yield();
        }
    }

    private static Task<T> OnThread<T>(Func<T> work)
    {
        var end = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                end.SetResult(work());
            }
            catch (Exception failure)
            {
                end.SetException(failure);
            }
        }).Start();
        return end.Task;
    }

    private sealed class HostOnly(Action atEachRead) : IPoolNumbers
    {
        public long Pending => 0;

        public int Busy
        {
            get
            {
                atEachRead();
                return 1;
            }
        }

        public long Completed => 0;
    }
}
