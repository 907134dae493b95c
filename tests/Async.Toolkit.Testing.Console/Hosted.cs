using System.Diagnostics;
using Async.Toolkit.Testing;
using Async.Toolkit.Testing.Tests;

/// <summary>Virtual time in a program that holds threads of the pool itself, as test hosts do for their sockets.</summary>
internal static class Hosted
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    // How many threads of the pool are held; there is no other host.
    private static int _held;

    /// <summary>What went wrong; <see langword="null"/> when nothing did.</summary>
    public static async Task<string?> RunAsync()
    {
        // For all that is held here: the pool adds threads of its own accord one by one.
        ThreadPool.SetMinThreads(16, 16);
        using var first = new ManualResetEventSlim();
        using var second = new ManualResetEventSlim();
        Hold(first);
        Hold(second);
        if (await TimedProgram.RunAsync() != await TimedProgram.RunAsync())
        {
            return "the traces differ";
        }

        if (await MovedWhileComputingAsync(static () => { }) || await MovedWhileComputingAsync(first.Set) || await MovedWhileComputingAsync(static () => { }))
        {
            return "the clock moved while the body computed";
        }

        return await CallAndWorkOnAsync() ?? await SwapAsync() ?? await WaitForNoEndAsync() ?? await CallBehindOneThatStandsStillAsync() ?? await LeaveBlockedAsync() ?? await BlockBehindTheRunAsync();
    }

    private static void Hold(ManualResetEventSlim end)
    {
        using var began = new ManualResetEventSlim();
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                Interlocked.Increment(ref _held);
                began.Set();
                end.Wait();
                Interlocked.Decrement(ref _held);
            },
            null);
        began.Wait();
    }

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        return most - available;
    }

    // Long enough for a worker that computes to be taken for the host's, were it not for its context.
    private static async Task<bool> MovedWhileComputingAsync(Action begin)
    {
        bool moved = false;
        await VirtualTime.RunAsync(async time =>
        {
            using ITimer eager = time.Provider.CreateTimer(static _ => { }, null, Tick, Tick);
            TimeSpan before = time.Elapsed;
            begin();
            Thread.Sleep(300);
            await Task.Run(static () => Thread.Sleep(300));
            moved = time.Elapsed != before;
            await time.AdvanceAsync(10 * Tick);
        });
        return moved;
    }

    // The caller is taken for none of the host's, not even where one of these ends; it has called in an async method, and given the context of the call up with that.
    private static async Task<string?> CallAndWorkOnAsync()
    {
        using var host = new ManualResetEventSlim();
        Hold(host);
        var signal = new TaskCompletionSource();
        async Task CallAsync() => await VirtualTime.RunAsync(_ => signal.Task);
        Task run = await Task.Run(() =>
        {
            int busy = Busy();
            Task run = CallAsync();
            host.Set();

            // Without blocking: a caller that blocks is a thread that the clock does not see.
            for (long begun = Stopwatch.GetTimestamp(); Busy() >= busy || Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(500);)
            {
                Thread.Yield();
            }

            signal.SetResult();
            return Task.FromResult(run);
        });
        try
        {
            await run;
            return null;
        }
        catch (VirtualTimeDeadlockException)
        {
            return "a caller that works on was taken for the host's";
        }
    }

    // An item that the host begins in place of another one counts as the body's, but as the host's again for those who come later.
    private static async Task<string?> SwapAsync()
    {
        var limit = new VirtualTimeOptions { RealTimeLimit = TimeSpan.FromSeconds(3) };
        Task frozen = await FreezeAsync(limit, CancellationToken.None);
        Task behind = VirtualTime.RunAsync(limit, time => time.Delay(TimeSpan.FromDays(1)));
        try
        {
            await frozen;
            return "the clock moved while something was busy that might have been the body's";
        }
        catch (RealTimeLimitException thrown) when (thrown.Message.Contains("If the test host has begun it", StringComparison.Ordinal))
        {
            await behind;
            return null;
        }
    }

    // Those who come later wait for the ones that stand still, but not beyond their own limit.
    private static async Task<string?> WaitForNoEndAsync()
    {
        using var end = new CancellationTokenSource();
        Task frozen = await FreezeAsync(new VirtualTimeOptions { RealTimeLimit = Timeout.InfiniteTimeSpan }, end.Token);
        var limit = new VirtualTimeOptions { RealTimeLimit = TimeSpan.FromSeconds(1) };
        bool hasBegun = false;
        try
        {
            await VirtualTime.RunAsync(limit, time =>
            {
                hasBegun = true;
                return time.Delay(TimeSpan.FromDays(1));
            }).WaitAsync(TimeSpan.FromSeconds(30));
            return "the clock moved while something was busy that might have been another body's";
        }
        catch (TimeoutException)
        {
            return "a run waits for ever for one that has no limit";
        }
        catch (RealTimeLimitException thrown)
        {
            await end.CancelAsync();
            await frozen.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return hasBegun ? "a run began beside one that stands still"
                : !thrown.Message.StartsWith("The run could not begin", StringComparison.Ordinal) ? thrown.Message
                : frozen.IsCanceled ? null : "the run without a limit did not stand still";
        }
    }

    // What a caller does next while it waits for others is nothing that was busy before, though no body is under way any more when the busy ones are counted anew.
    private static async Task<string?> CallBehindOneThatStandsStillAsync()
    {
        using var end = new CancellationTokenSource();
        Task frozen = await FreezeAsync(new VirtualTimeOptions { RealTimeLimit = Timeout.InfiniteTimeSpan }, end.Token);
        var signal = new TaskCompletionSource();
        async Task CallAsync() => await VirtualTime.RunAsync(_ => signal.Task);
        try
        {
            await Task.Run(async () =>
            {
                // Beside this one only what stops the clock: no worker that is about to leave.
                SpinWait.SpinUntil(static () => Busy() == PoolWatch.HostCount + 2, TimeSpan.FromSeconds(30));
                Task run = CallAsync();
                await Task.Yield();
                end.Cancel();
                Thread.Sleep(500);
                signal.SetResult();
                await run;
            });
            await frozen.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return frozen.IsCanceled ? null : "the run without a limit did not stand still";
        }
        catch (VirtualTimeDeadlockException)
        {
            return "what a caller did next was taken for the host's";
        }
    }

    // Begins a run, and swaps an item of the host behind it: the run's clock stands still.
    private static async Task<Task> FreezeAsync(VirtualTimeOptions options, CancellationToken cancellationToken)
    {
        using var first = new ManualResetEventSlim();
        var swapped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Hold(first);
        Task frozen = VirtualTime.RunAsync(
            options,
            async time =>
            {
                int held = Volatile.Read(ref _held);
                first.Set();
                SpinWait.SpinUntil(() => Volatile.Read(ref _held) < held, TimeSpan.FromSeconds(30));

                // Until the watch has seen that there are fewer: a worker that is about to leave looks like one that is held.
                do
                {
                    await time.AdvanceAsync(Tick);
                }
                while (PoolWatch.HostCount >= held);

                Hold(new ManualResetEventSlim());
                swapped.SetResult();
                await time.AdvanceAsync(Tick);
            },
            cancellationToken);
        await swapped.Task;
        await DoubtAsync();
        return frozen;
    }

    /// <summary>Ends when it is seen that something busy stops the clocks.</summary>
    public static async Task DoubtAsync()
    {
        // Seldom, and off the pool: there is no doubt while items come and go, nor while somebody works who has called for a run.
        for (int looks = 0; !PoolWatch.IsHostInDoubt; looks++)
        {
            if (looks == 150)
            {
                throw new TimeoutException("No doubt was seen within 30 s.");
            }

            await Task.Delay(200);
        }
    }

    // A thread that waits for the clock is let go; one that blocks for good is counted out by later runs.
    private static async Task<string?> LeaveBlockedAsync()
    {
        var limit = new VirtualTimeOptions { RealTimeLimit = TimeSpan.FromMilliseconds(300) };
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new ManualResetEventSlim();
        Action<VirtualTime>[] bodies =
        [
            time =>
            {
                try
                {
                    time.Delay(TimeSpan.FromSeconds(1)).Wait();
                }
                catch (AggregateException)
                {
                    released.SetResult();
                }
            },
            _ => never.Wait(),
        ];
        foreach (Action<VirtualTime> body in bodies)
        {
            try
            {
                await VirtualTime.RunAsync(limit, time =>
                {
                    body(time);
                    return Task.CompletedTask;
                });
                return "a body that blocks its thread ended well";
            }
            catch (RealTimeLimitException)
            {
            }
        }

        await released.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await VirtualTime.RunAsync(time => time.Delay(TimeSpan.FromDays(1)));
        return null;
    }

    // What a test leaves blocked behind its run, in the context of its call for it, is the host's for later ones.
    private static async Task<string?> BlockBehindTheRunAsync()
    {
        await VirtualTime.RunAsync(time => time.Delay(TimeSpan.FromDays(1)));
        using var began = new ManualResetEventSlim();
        var never = new ManualResetEventSlim();
        _ = Task.Run(() =>
        {
            began.Set();
            never.Wait();
        });
        began.Wait();
        try
        {
            await VirtualTime.RunAsync(new VirtualTimeOptions { RealTimeLimit = TimeSpan.FromSeconds(5) }, time => time.Delay(TimeSpan.FromDays(1)));
            return null;
        }
        catch (RealTimeLimitException)
        {
            return "what was left behind an earlier run stopped the clock";
        }
    }
}
