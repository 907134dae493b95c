using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;
using BenchmarkDotNet.Attributes;
using EnumerableAsyncProcessor.Extensions;

namespace Async.Toolkit.Benchmarks;

/// <summary>
/// What a limit costs: the same body for each of many items, under the same limit, with each of the usual ways to write it. A body that waits once
/// shows the hand-over between items; one that completes at once shows the bare loop.
/// </summary>
/// <remarks>
/// The pool runs in two regimes, with one or two active threads on two cores, and drifts between them; compare rows of the same run only.
/// </remarks>
[MemoryDiagnoser]
public class GatherBenchmarks
{
    private const int Items = 200_000;

    private static readonly IEnumerable<int> Source = Enumerable.Range(0, Items);

    private Func<int, CancellationToken, ValueTask> _body = null!;

    [Params(8, 16, 100)]
    public int Limit { get; set; }

    [Params(true, false)]
    public bool Waits { get; set; }

    [GlobalSetup]
    public void Choose() => _body = Waits ? static async (_, _) => await Task.Yield() : static (_, _) => ValueTask.CompletedTask;

    [Benchmark(Baseline = true)]
    public Task ParallelForEachAsync() =>
        Parallel.ForEachAsync(Source, new ParallelOptions { MaxDegreeOfParallelism = Limit }, _body);

    [Benchmark]
    public Task GatherForEachAsync() => Gather.ForEachAsync(Source, Limit, _body);

    [Benchmark]
    public async Task SemaphoreSlimAndWhenAll()
    {
        using var places = new SemaphoreSlim(Limit);
        await Task.WhenAll(Source.Select(async item =>
        {
            await places.WaitAsync();
            try
            {
                await _body(item, CancellationToken.None);
            }
            finally
            {
                places.Release();
            }
        }));
    }

    [Benchmark]
    public async Task ChannelWorkers()
    {
        var channel = Channel.CreateBounded<int>(new BoundedChannelOptions(Limit) { SingleWriter = true });
        Task[] workers = [.. Enumerable.Range(0, Limit).Select(_ => Task.Run(async () =>
        {
            await foreach (int item in channel.Reader.ReadAllAsync())
            {
                await _body(item, CancellationToken.None);
            }
        }))];
        foreach (int item in Source)
        {
            await channel.Writer.WriteAsync(item);
        }

        channel.Writer.Complete();
        await Task.WhenAll(workers);
    }

    [Benchmark]
    public async Task Dataflow()
    {
        var block = new ActionBlock<int>(
            item => _body(item, CancellationToken.None).AsTask(),
            new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = Limit, BoundedCapacity = 2 * Limit, SingleProducerConstrained = true });
        foreach (int item in Source)
        {
            await block.SendAsync(item);
        }

        block.Complete();
        await block.Completion;
    }

    [Benchmark]
    public async Task EnumerableAsyncProcessor()
    {
        await using var processor = Source.ForEachAsync(item => _body(item, CancellationToken.None).AsTask()).ProcessInParallel(Limit);
        await processor.WaitAsync();
    }

    [Benchmark]
    public async Task Sequential()
    {
        foreach (int item in Source)
        {
            await _body(item, CancellationToken.None);
        }
    }
}
