using System.Collections.Concurrent;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Event loop",
    "One turn of a single-threaded loop: a continuation that is posted and run, against the pump that people write by hand.",
    Unit = "turn")]
[Target(nameof(EventLoopRun), Measure.Time, 1.0, Rival = nameof(HandWrittenPump))]
public class EventLoopBenchmarks
{
    private const int Turns = 100_000;

    /// <summary>How many methods take turns: the length of the queue.</summary>
    [Params(1, 100)]
    public int Walkers { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Turns, Description = "pump over BlockingCollection")]
    public void HandWrittenPump() => Pump.Run(WalkAllAsync);

    [Ours]
    [Benchmark(OperationsPerInvoke = Turns, Description = "EventLoop.Run")]
    public void EventLoopRun() => EventLoop.Run(ct => WalkAllAsync());

    private Task WalkAllAsync()
    {
        var walkers = new Task[Walkers];
        for (int i = 0; i < walkers.Length; i++)
        {
            walkers[i] = WalkAsync(Turns / Walkers);
        }

        return Task.WhenAll(walkers);
    }

    private static async Task WalkAsync(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            await Task.Yield();
        }
    }

    private sealed class Pump : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

        public static void Run(Func<Task> main)
        {
            var pump = new Pump();
            SynchronizationContext? previous = Current;
            SetSynchronizationContext(pump);
            try
            {
                Task run = main();
                run.ContinueWith(_ => pump._queue.CompleteAdding(), TaskScheduler.Default);
                foreach ((SendOrPostCallback callback, object? state) in pump._queue.GetConsumingEnumerable())
                {
                    callback(state);
                }

                run.GetAwaiter().GetResult();
            }
            finally
            {
                SetSynchronizationContext(previous);
                pump._queue.Dispose();
            }
        }

        public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));
    }
}
