using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;

namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>The usual ways, as their documentation shows them, with the care that keeps them from hanging when an item fails, and from leaving items behind.</summary>
internal static class BclStrategies
{
    public static async Task SequentialAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken)
    {
        foreach (int item in source)
        {
            await body(item, cancellationToken);
        }
    }

    public static Task WhenAllAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken) =>
        Task.WhenAll(source.Select(item => Task.Run(() => body(item, cancellationToken).AsTask(), cancellationToken)));

    public static async Task SemaphoreSlimAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(limit);
        await Task.WhenAll(source.Select(async item =>
        {
            await places.WaitAsync(cancellationToken);
            try
            {
                await body(item, cancellationToken);
            }
            finally
            {
                places.Release();
            }
        }));
    }

    public static Task ParallelForEachAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(source, new ParallelOptions { MaxDegreeOfParallelism = limit, CancellationToken = cancellationToken }, body);

    public static async Task DataflowAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken)
    {
        var block = new ActionBlock<int>(
            item => body(item, cancellationToken).AsTask(),
            new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = limit, BoundedCapacity = 2 * limit, SingleProducerConstrained = true, CancellationToken = cancellationToken });
        try
        {
            foreach (int item in source)
            {
                // A block that has failed takes no more.
                if (!await block.SendAsync(item, cancellationToken))
                {
                    break;
                }
            }
        }
        finally
        {
            // Even if the loop was canceled: items may still be at work.
            block.Complete();
            await block.Completion;
        }
    }

    public static async Task ChannelWorkersAsync(IEnumerable<int> source, int limit, Func<int, CancellationToken, ValueTask> body, CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<int>(new BoundedChannelOptions(limit) { SingleWriter = true });
        Task[] workers = [.. Enumerable.Range(0, limit).Select(_ => Task.Run(WorkAsync, CancellationToken.None))];
        try
        {
            foreach (int item in source)
            {
                await channel.Writer.WriteAsync(item, cancellationToken);
            }
        }
        catch (ChannelClosedException)
        {
            // A worker failed: its task tells.
        }
        finally
        {
            // Even if the loop was canceled: items may still be at work.
            channel.Writer.TryComplete();
            await Task.WhenAll(workers);
        }

        async Task WorkAsync()
        {
            try
            {
                await foreach (int item in channel.Reader.ReadAllAsync(cancellationToken))
                {
                    await body(item, cancellationToken);
                }
            }
            catch (Exception failure)
            {
                // Without this the writer would wait for ever once every worker has failed.
                channel.Writer.TryComplete(failure);
                throw;
            }
        }
    }
}
