using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>
/// Python runs all async code of a program on the one thread of its event loop. .NET continues on whatever thread of the pool is free, unless
/// asked: EventLoop.Run makes the calling thread such a loop, where only one piece of code runs at a time and shared data needs no lock.
/// </summary>
internal static class Loop
{
    private const int Workers = 4;
    private const int Steps = 5_000;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var onThePool = new Visits();
        await TaskGroup.RunAsync(group => StartWorkers(group, onThePool), cancellationToken);
        Console.WriteLine($"children on the pool: {onThePool}");

        // The loop blocks the thread that it is given; here that is one of its own.
        Visits onTheLoop = await Task.Factory.StartNew(
            () => EventLoop.Run(LoopMainAsync, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Console.WriteLine($"the same on a loop:   {onTheLoop}");
    }

    private static async Task<Visits> LoopMainAsync(CancellationToken cancellationToken)
    {
        var visits = new Visits();
        EventLoop.Current.Post(() => Console.WriteLine("a posted callback ran when main first waited"));

        // Belongs to the loop itself: cancelled and awaited when main returns.
        EventLoop.Current.Group.Start(async ct =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            }
            finally
            {
                Console.WriteLine("work left over was cancelled and awaited at the end of main");
            }
        });

        var onTheLoop = new TaskGroupOptions { ChildContext = ChildContext.Caller };
        await TaskGroup.RunAsync(onTheLoop, group => StartWorkers(group, visits), cancellationToken);
        return visits;
    }

    private static ValueTask StartWorkers(TaskGroup group, Visits visits)
    {
        for (int worker = 0; worker < Workers; worker++)
        {
            group.Start(async ct =>
            {
                for (int step = 0; step < Steps; step++)
                {
                    visits.Add();
                    await Task.Yield();
                }
            });
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Counts without a lock, which is right only where one thread does it.</summary>
    private sealed class Visits
    {
        private readonly bool[] _threads = new bool[ushort.MaxValue];
        private int _count;

        public void Add()
        {
            // Between the look and the write another thread may write.
            int seen = _count;
            Thread.SpinWait(20);
            _count = seen + 1;
            _threads[Environment.CurrentManagedThreadId] = true;
        }

        public override string ToString() => $"{_count:N0} of {Workers * Steps:N0} visits counted without a lock, on {_threads.Count(used => used)} thread(s)";
    }
}
