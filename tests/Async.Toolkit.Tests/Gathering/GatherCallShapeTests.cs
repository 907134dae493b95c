using Xunit;

namespace Async.Toolkit.Tests.Gathering;

/// <summary>Compiles every way in which the calls are meant to be written, without a cast; running them is the smaller part.</summary>
public sealed class GatherCallShapeTests
{
    private static readonly int[] Items = [0, 1, 2];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IAsyncEnumerable<int> AsyncItems => new CountingSource(3).AsAsyncEnumerable();

    [Fact]
    public async Task Selectors_of_every_shape_over_an_enumerable()
    {
        await Gather.AllAsync(Items, TaskOfAsync, Token);
        await Gather.AllAsync(Items, ValueTaskOfAsync, Token);
        await Gather.AllAsync(Items, (item, ct) => TaskOfAsync(item, ct), Token);
        await Gather.AllAsync(Items, (item, ct) => ValueTaskOfAsync(item, ct), Token);
        await Gather.AllAsync(Items, async (item, ct) => await TaskOfAsync(item, ct), Token);
        string[] results = await Gather.AllAsync(Items, maxConcurrency: 3, (item, ct) => TaskOfAsync(item, ct), Token);
        await Gather.AllAsync(Items, 3, ValueTaskOfAsync, Token);
        await Gather.AllAsync(Items, new() { MaxConcurrency = 3 }, TaskOfAsync, Token);
        await Gather.AllAsync(Items, new() { MaxConcurrency = 3 }, (item, ct) => ValueTaskOfAsync(item, ct), Token);
        await Gather.AllAsync(Items, new() { MaxConcurrency = 3 }, async (item, ct) => await ValueTaskOfAsync(item, ct), Token);
        await Gather.AllAsync(Items, new GatherOptions<int> { MaxConcurrency = 3 }, TaskOfAsync, Token);
        Settled<string>[] settled = await Gather.SettledAsync(Items, (item, ct) => TaskOfAsync(item, ct), Token);
        await Gather.SettledAsync(Items, 3, async (item, ct) => await ValueTaskOfAsync(item, ct), Token);
        await Gather.SettledAsync(Items, new() { Name = "shapes" }, ValueTaskOfAsync, Token);
        string first = await Gather.FirstSuccessAsync(Items, (item, ct) => TaskOfAsync(item, ct), Token);
        await Gather.FirstSuccessAsync(Items, 3, TaskOfAsync, Token);
        await Gather.FirstSuccessAsync(Items, new() { DisposeDiscarded = true }, async (item, ct) => await TaskOfAsync(item, ct), Token);
        string[] firstTwo = await Gather.FirstSuccessesAsync(Items, count: 2, (item, ct) => TaskOfAsync(item, ct), Token);
        await Gather.FirstSuccessesAsync(Items, maxConcurrency: 3, count: 2, ValueTaskOfAsync, Token);
        await Gather.FirstSuccessesAsync(Items, new() { MaxConcurrency = 3 }, 2, async (item, ct) => await TaskOfAsync(item, ct), Token);

        Assert.Equal(["0", "1", "2"], results);
        Assert.Equal(results, settled.Select(static one => one.Value));
        Assert.Contains(first, results);
        Assert.Equal(2, firstTwo.Length);
    }

    [Fact]
    public async Task Selectors_of_every_shape_over_an_async_enumerable()
    {
        string[] results = await Gather.AllAsync(AsyncItems, maxConcurrency: 3, (item, ct) => TaskOfAsync(item, ct), Token);
        await Gather.AllAsync(AsyncItems, 3, ValueTaskOfAsync, Token);
        await Gather.AllAsync(AsyncItems, new() { MaxConcurrency = 3 }, TaskOfAsync, Token);
        await Gather.AllAsync(AsyncItems, new() { MaxConcurrency = 3 }, async (item, ct) => await ValueTaskOfAsync(item, ct), Token);
        await Gather.SettledAsync(AsyncItems, 3, async (item, ct) => await ValueTaskOfAsync(item, ct), Token);
        await Gather.SettledAsync(AsyncItems, new() { MaxConcurrency = 3 }, ValueTaskOfAsync, Token);
        await Gather.FirstSuccessAsync(AsyncItems, 3, TaskOfAsync, Token);
        await Gather.FirstSuccessAsync(AsyncItems, new() { MaxConcurrency = 3 }, async (item, ct) => await TaskOfAsync(item, ct), Token);
        await Gather.FirstSuccessesAsync(AsyncItems, maxConcurrency: 3, count: 2, ValueTaskOfAsync, Token);
        await Gather.FirstSuccessesAsync(AsyncItems, new() { MaxConcurrency = 3 }, 2, TaskOfAsync, Token);

        Assert.Equal(["0", "1", "2"], results);
    }

    [Fact]
    public async Task Actions_of_every_shape()
    {
        await Gather.ForEachAsync(Items, maxConcurrency: 3, (item, ct) => DoAsync(item, ct), Token);
        await Gather.ForEachAsync(Items, 3, DoAsync, Token);
        await Gather.ForEachAsync(Items, 3, DoValueAsync, Token);
        await Gather.ForEachAsync(Items, 3, (item, ct) => DoValueAsync(item, ct), Token);
        await Gather.ForEachAsync(Items, 3, (item, ct) => TaskOfAsync(item, ct), Token);
        await Gather.ForEachAsync(Items, 3, (item, ct) => ValueTaskOfAsync(item, ct), Token);
        await Gather.ForEachAsync(Items, 3, TaskOfAsync, Token);
        await Gather.ForEachAsync(Items, 3, ValueTaskOfAsync, Token);
        await Gather.ForEachAsync(Items, 3, async (item, ct) => await DoAsync(item, ct), Token);
        await Gather.ForEachAsync(Items, 3, async (item, ct) => await TaskOfAsync(item, ct), Token);
        await Gather.ForEachAsync(Items, new() { MaxConcurrency = 3 }, async (item, ct) => await DoAsync(item, ct), Token);
        await Gather.ForEachAsync(Items, new() { MaxConcurrency = 3 }, DoAsync, Token);
        await Gather.ForEachAsync(Items, new GatherOptions<int> { MaxConcurrency = 3 }, TaskOfAsync, Token);
        await Gather.ForEachAsync(AsyncItems, 3, async (item, ct) => await DoAsync(item, ct), Token);
        await Gather.ForEachAsync(AsyncItems, 3, ValueTaskOfAsync, Token);
        await Gather.ForEachAsync(AsyncItems, new() { MaxConcurrency = 3 }, DoValueAsync, Token);
        Task call = Gather.ForEachAsync(AsyncItems, new() { MaxConcurrency = 3 }, (item, ct) => DoAsync(item, ct), cancellationToken: Token);

        await call;
    }

    [Fact]
    public async Task Streams_of_every_shape()
    {
        IAsyncEnumerable<string>[] streams =
        [
            Gather.StreamAsync(Items, maxConcurrency: 3, (item, ct) => TaskOfAsync(item, ct), Token),
            Gather.StreamAsync(Items, 3, ValueTaskOfAsync, Token),
            Gather.StreamAsync(Items, 3, async (item, ct) => await TaskOfAsync(item, ct), Token),
            Gather.StreamAsync(Items, 3, StreamOrder.Completion, TaskOfAsync, Token),
            Gather.StreamAsync(Items, 3, StreamOrder.Completion, async (item, ct) => await ValueTaskOfAsync(item, ct), Token),
            Gather.StreamAsync(Items, new() { MaxConcurrency = 3 }, TaskOfAsync, Token),
            Gather.StreamAsync(Items, new() { MaxConcurrency = 3 }, StreamOrder.Source, (item, ct) => ValueTaskOfAsync(item, ct), Token),
            Gather.StreamAsync(AsyncItems, 3, (item, ct) => TaskOfAsync(item, ct), Token),
            Gather.StreamAsync(AsyncItems, 3, StreamOrder.Completion, ValueTaskOfAsync, Token),
            Gather.StreamAsync(AsyncItems, new() { MaxConcurrency = 3 }, async (item, ct) => await TaskOfAsync(item, ct), cancellationToken: Token),
            Gather.StreamAsync(AsyncItems, new() { MaxConcurrency = 3 }, StreamOrder.Completion, TaskOfAsync, cancellationToken: Token),
        ];

        foreach (IAsyncEnumerable<string> stream in streams)
        {
            var results = new List<string>();
            await foreach (string result in stream.WithCancellation(Token))
            {
                results.Add(result);
            }

            Assert.Equal(["0", "1", "2"], results.Order());
        }
    }

    private static async Task<string> TaskOfAsync(int item, CancellationToken token)
    {
        await Task.Yield();
        return $"{item}";
    }

    private static ValueTask<string> ValueTaskOfAsync(int item, CancellationToken token) => new($"{item}");

    private static Task DoAsync(int item, CancellationToken token) => Task.CompletedTask;

    private static ValueTask DoValueAsync(int item, CancellationToken token) => default;
}
