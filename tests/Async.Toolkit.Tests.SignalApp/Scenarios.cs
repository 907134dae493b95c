namespace Async.Toolkit.Tests.SignalApp;

internal static class Scenarios
{
    private static readonly AsyncAppOptions ShortGrace = new() { ShutdownTimeout = TimeSpan.FromMilliseconds(200) };

    private static readonly AsyncAppOptions EndlessGrace = new() { ShutdownTimeout = Timeout.InfiniteTimeSpan };

    public static void Say(string step)
    {
        Console.Out.WriteLine(step);
        Console.Out.Flush();
    }

    public static Task<int> CleansUp() => AsyncApp.RunAsync(async ct =>
    {
        try
        {
            Say("ready");
            await Task.Delay(Timeout.Infinite, ct);
        }
        finally
        {
            Say("cleanup begins");
            await Task.Yield();
            Say("cleanup ends");
        }
    });

    public static Task<int> CleansUpOnALoop() => AsyncApp.RunAsync(ct =>
    {
        EventLoop.Run(
            async token =>
            {
                int thread = Environment.CurrentManagedThreadId;
                try
                {
                    Say("ready");
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    Say(Environment.CurrentManagedThreadId == thread ? "cleanup on the loop" : "cleanup elsewhere");
                }
            },
            ct);
        return Task.CompletedTask;
    });

    public static Task<int> IgnoresCancellation() => AsyncApp.RunAsync(ShortGrace, _ => NeverEndsAsync());

    public static Task<int> StarvesThePool() => AsyncApp.RunAsync(ShortGrace, ct =>
    {
        for (int i = 0; i < 1000; i++)
        {
            ThreadPool.QueueUserWorkItem(_ => Thread.Sleep(Timeout.Infinite));
        }

        return NeverEndsAsync();
    });

    public static Task<int> BlocksItsCallback() => AsyncApp.RunAsync(ShortGrace, ct =>
    {
        ct.Register(() => Thread.Sleep(Timeout.Infinite));
        return NeverEndsAsync();
    });

    public static Task<int> BlocksAtExit()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            Say("exit handler blocks");
            Thread.Sleep(Timeout.Infinite);
        };
        return AsyncApp.RunAsync(ShortGrace, _ => NeverEndsAsync());
    }

    public static Task<int> NeedsASecondSignal() => AsyncApp.RunAsync(EndlessGrace, async ct =>
    {
        ct.Register(() => Say("canceled"));
        try
        {
            await NeverEndsAsync();
        }
        finally
        {
            Say("never reached");
        }
    });

    public static Task<int> WaitsBeforeMain()
    {
        Say("before");
        Thread.Sleep(Timeout.Infinite);
        return AsyncApp.RunAsync(ct => Task.CompletedTask);
    }

    public static async Task<int> WaitsAfterMain()
    {
        int code = await AsyncApp.RunAsync(async ct => await Task.Yield());
        Say($"main gave {code}");
        await Task.Delay(Timeout.Infinite);
        return code;
    }

    public static async Task<int> RunsTwice()
    {
        int first = await AsyncApp.RunAsync(async ct => await Task.Yield());
        Say($"first gave {first}");
        return await CleansUp();
    }

    public static Task<int> ReturnsSeven() => AsyncApp.RunAsync(async ct =>
    {
        try
        {
            Say("ready");
            await Task.Delay(Timeout.Infinite, ct);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 7;
        }
    });

    public static Task<int> ReturnsAfterTheSignal() => AsyncApp.RunAsync(async ct =>
    {
        Say("ready");
        await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    });

    public static Task<int> FailsWhileShuttingDown() => AsyncApp.RunAsync(async ct =>
    {
        await using var resource = new FailsToClose();
        Say("ready");
        await Task.Delay(Timeout.Infinite, ct);
    });

    public static Task<int> Fails() => AsyncApp.RunAsync(async ct =>
    {
        await Task.Yield();
        throw new InvalidDataException("main failed");
    });

    public static Task<int> FailsThreeTimes() => AsyncApp.RunAsync(ct => Task.WhenAll(
        Task.FromException(new InvalidDataException("first of three")),
        Task.FromException(new InvalidDataException("second of three")),
        Task.FromException(new InvalidDataException("third of three"))));

    public static Task<int> IsCanceledByNobody() => AsyncApp.RunAsync(ct => Task.FromCanceled(new CancellationToken(canceled: true)));

    public static Task<int> LeavesADelayToItsLoop()
    {
        // On a busy machine a delay may end before its loop does: then a longer one.
        for (int milliseconds = 50; !IsLate(milliseconds); milliseconds *= 2)
        {
        }

        Say("late continuation");
        return AsyncApp.RunAsync(async ct => await Task.Yield());

        static bool IsLate(int milliseconds)
        {
            var ranOnThePool = new TaskCompletionSource<bool>();
            EventLoop.Run(async ct =>
            {
                await Task.Yield();
                _ = DelayAsync();
            });
            return ranOnThePool.Task.GetAwaiter().GetResult();

            async Task DelayAsync()
            {
                await Task.Delay(milliseconds);
                ranOnThePool.SetResult(Thread.CurrentThread.IsThreadPoolThread);
            }
        }
    }

    private static Task NeverEndsAsync()
    {
        Say("ready");
        return new TaskCompletionSource().Task;
    }

    private sealed class FailsToClose : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.FromException(new InvalidDataException("the cleanup failed"));
    }
}
