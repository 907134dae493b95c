using System.Threading.Tasks.Dataflow;
using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks;

/// <summary>What both kinds of streams are measured with: one producer of items, one consumer that is slower.</summary>
internal sealed class SlowConsumer
{
    public const int Items = 10_000;
    public const int Limit = 16;

    private readonly long _turns = CpuWork.TurnsFor(TimeSpan.FromMicroseconds(5));

    public static IEnumerable<int> Source { get; } = Enumerable.Range(0, Items);

    public static async ValueTask<int> ProduceAsync(int item, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return item;
    }

    /// <summary>The stream that Dataflow makes of it: the same for both orders.</summary>
    public static async IAsyncEnumerable<int> TransformAsync(bool ordered)
    {
        var block = new TransformBlock<int, int>(
            static item => ProduceAsync(item, CancellationToken.None).AsTask(),
            new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = Limit, BoundedCapacity = Limit, EnsureOrdered = ordered, SingleProducerConstrained = true });
        Task feeding = FeedAsync();
        await foreach (int result in block.ReceiveAllAsync())
        {
            yield return result;
        }

        await feeding;
        await block.Completion;

        async Task FeedAsync()
        {
            foreach (int item in Source)
            {
                await block.SendAsync(item);
            }

            block.Complete();
        }
    }

    public async Task<long> SumAsync(IAsyncEnumerable<int> results)
    {
        long sum = 0;
        await foreach (int result in results)
        {
            CpuWork.Spin(_turns);
            await Task.Yield();
            sum += result;
        }

        return sum == (long)Items * (Items - 1) / 2 ? sum : throw new InvalidOperationException($"The results add up to {sum}.");
    }
}
