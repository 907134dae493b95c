using System.Threading.Channels;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;
using EnumerableAsyncProcessor.Extensions;

namespace Async.Toolkit.Benchmarks;

[Part(
    "Stream in order of completion, slow consumer",
    "The same as they finish: 10,000 results, at most 16 ahead, the consumer computes for 5 µs on each and then yields.",
    Unit = "item",
    Units = SlowConsumer.Items)]
public class CompletionStreamBenchmarks
{
    private readonly SlowConsumer _consumer = new();

    [Benchmark(Baseline = true, Description = "Parallel.ForEachAsync into a Channel")]
    public Task<long> ParallelIntoChannel() => _consumer.SumAsync(ThroughChannelAsync());

    [Benchmark(Description = "Dataflow TransformBlock")]
    public Task<long> Dataflow() => _consumer.SumAsync(SlowConsumer.TransformAsync(ordered: false));

    [Aside("holds all results at once")]
    [Benchmark(Description = "EnumerableAsyncProcessor")]
    public async Task<long> EnumerableAsyncProcessor()
    {
        await using var processor = SlowConsumer.Source.SelectAsync(static item => SlowConsumer.ProduceAsync(item, CancellationToken.None).AsTask()).ProcessInParallel(SlowConsumer.Limit);
        return await _consumer.SumAsync(processor.GetResultsAsyncEnumerable());
    }

    [Ours]
    [Benchmark(Description = "Gather.StreamAsync")]
    public Task<long> GatherStream() =>
        _consumer.SumAsync(Gather.StreamAsync(SlowConsumer.Source, SlowConsumer.Limit, StreamOrder.Completion, SlowConsumer.ProduceAsync));

    private static async IAsyncEnumerable<int> ThroughChannelAsync()
    {
        var results = Channel.CreateBounded<int>(new BoundedChannelOptions(SlowConsumer.Limit) { SingleReader = true });
        Task production = ProduceAllAsync();
        await foreach (int result in results.Reader.ReadAllAsync())
        {
            yield return result;
        }

        await production;

        async Task ProduceAllAsync()
        {
            await Parallel.ForEachAsync(
                SlowConsumer.Source,
                new ParallelOptions { MaxDegreeOfParallelism = SlowConsumer.Limit },
                async (item, token) => await results.Writer.WriteAsync(await SlowConsumer.ProduceAsync(item, token), token));
            results.Writer.Complete();
        }
    }
}
