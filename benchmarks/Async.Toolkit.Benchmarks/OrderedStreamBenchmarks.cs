using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Ordered stream, slow consumer",
    "10,000 results in source order, at most 16 ahead, to a consumer that computes for 5 µs on each and then yields. The items themselves yield once.",
    Unit = "item",
    Units = SlowConsumer.Items)]
public class OrderedStreamBenchmarks
{
    private readonly SlowConsumer _consumer = new();

    [Benchmark(Baseline = true, Description = "queue of tasks")]
    public Task<long> QueueOfTasks() => _consumer.SumAsync(WindowAsync());

    [Benchmark(Description = "Dataflow TransformBlock")]
    public Task<long> Dataflow() => _consumer.SumAsync(SlowConsumer.TransformAsync(ordered: true));

    [Ours]
    [Benchmark(Description = "Gather.StreamAsync")]
    public Task<long> GatherStream() =>
        _consumer.SumAsync(Gather.StreamAsync(SlowConsumer.Source, SlowConsumer.Limit, StreamOrder.Source, SlowConsumer.ProduceAsync));

    private static async IAsyncEnumerable<int> WindowAsync()
    {
        var window = new Queue<Task<int>>(SlowConsumer.Limit);
        foreach (int item in SlowConsumer.Source)
        {
            if (window.Count == SlowConsumer.Limit)
            {
                yield return await window.Dequeue();
            }

            window.Enqueue(Task.Run(() => SlowConsumer.ProduceAsync(item, CancellationToken.None).AsTask()));
        }

        while (window.TryDequeue(out Task<int>? result))
        {
            yield return await result;
        }
    }
}
