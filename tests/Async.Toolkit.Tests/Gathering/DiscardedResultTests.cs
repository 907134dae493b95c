using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class DiscardedResultTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Late_results_of_losers_are_disposed_and_never_the_winners()
    {
        Resource[] resources = [new(), new(), new()];
        var allRun = new Countdown(3);
        Resource winner = await Gather.FirstSuccessAsync([0, 1, 2], new GatherOptions { DisposeDiscarded = true }, async (item, token) =>
        {
            await allRun.SignalAndWaitAsync();
            while (item != 1 && !token.IsCancellationRequested)
            {
                await Task.Yield();
            }

            return resources[item];
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Same(resources[1], winner);
        Assert.Equal([1, 0, 1], resources.Select(static resource => resource.Disposals));
    }

    [Fact]
    public async Task Without_the_option_nothing_is_disposed()
    {
        Resource[] resources = [new(), new()];
        var allRun = new Countdown(2);
        await Gather.FirstSuccessAsync([0, 1], new GatherOptions(), async (item, token) =>
        {
            await allRun.SignalAndWaitAsync();
            while (item != 1 && !token.IsCancellationRequested)
            {
                await Task.Yield();
            }

            return resources[item];
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.All(resources, static resource => Assert.Equal(0, resource.Disposals));
    }

    [Fact]
    public async Task A_result_that_is_the_same_object_as_the_winners_stays()
    {
        var shared = new Resource();
        var allRun = new Countdown(3);
        Resource winner = await Gather.FirstSuccessAsync([0, 1, 2], new GatherOptions { DisposeDiscarded = true }, async (item, token) =>
        {
            await allRun.SignalAndWaitAsync();
            return shared;
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Same(shared, winner);
        Assert.Equal(0, shared.Disposals);
    }

    [Fact]
    public async Task Results_that_are_given_are_not_disposed()
    {
        var options = new GatherOptions { MaxConcurrency = 2, DisposeDiscarded = true };
        Resource[] given =
        [
            .. await Gather.AllAsync([0, 1], options, static (_, _) => Task.FromResult(new Resource()), TestToken).Guarded(),
            .. (await Gather.SettledAsync([0, 1], options, static (_, _) => Task.FromResult(new Resource()), TestToken).Guarded()).Select(static settled => settled.Value),
            .. await Gather.FirstSuccessesAsync([0, 1], options, count: 2, static (_, _) => Task.FromResult(new Resource()), TestToken).Guarded(),
            .. await Gather.StreamAsync([0, 1], options, static (_, _) => Task.FromResult(new Resource()), TestToken).ToArrayAsync(TestToken),
        ];

        Assert.Equal(8, given.Length);
        Assert.All(given, static resource => Assert.Equal(0, resource.Disposals));
    }

    [Fact]
    public async Task The_results_of_a_call_that_fails_are_disposed_once_each()
    {
        var shared = new Resource();
        var own = new Resource();
        var failure = new IOException("the last one failed");
        Task<Resource[]> call = Gather.AllAsync([0, 1, 2, 3], new() { MaxConcurrency = 1, DisposeDiscarded = true }, async (item, token) =>
        {
            await Task.Yield();
            return item switch { 0 or 1 => shared, 2 => own, _ => throw failure };
        }, TestToken);

        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => call));
        Assert.Equal(1, shared.Disposals);
        Assert.Equal(1, own.Disposals);
    }

    [Fact]
    public async Task An_item_without_a_result_leaves_nothing_to_dispose()
    {
        var disposed = new List<int>();
        Task<Slot[]> call = Gather.AllAsync([1, 2, 3], new() { MaxConcurrency = 1, DisposeDiscarded = true }, (item, token) =>
            item == 2 ? Task.FromException<Slot>(new IOException("no slot")) : Task.FromResult(new Slot(item, disposed)), TestToken);

        await Assert.ThrowsAsync<IOException>(() => call);
        Assert.Single(call.Exception!.InnerExceptions);
        Assert.Equal([1], disposed);
    }

    [Fact]
    public async Task What_a_disposal_throws_comes_after_the_failures()
    {
        var failure = new IOException("the item failed");
        var broken = new Resource(new IOException("the disposal failed"));
        Task<Resource[]> call = Gather.AllAsync([0, 1], new() { MaxConcurrency = 1, DisposeDiscarded = true }, (item, token) => item == 0 ? Task.FromResult(broken) : Task.FromException<Resource>(failure), TestToken);

        await Assert.ThrowsAsync<IOException>(() => call);
        Assert.Equal([failure, broken.Failure!], call.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task A_disposal_that_throws_a_cancellation_has_failed()
    {
        var failure = new IOException("the item failed");
        var broken = new Resource(new OperationCanceledException("nobody asked the disposal"));
        Task<Resource[]> call = Gather.AllAsync([0, 1], new() { MaxConcurrency = 1, DisposeDiscarded = true }, (item, token) => item == 0 ? Task.FromResult(broken) : Task.FromException<Resource>(failure), TestToken);

        await Assert.ThrowsAsync<IOException>(() => call);
        Assert.Equal(2, call.Exception!.InnerExceptions.Count);
        Assert.Same(broken.Failure, Assert.IsType<ChildCanceledException>(call.Exception.InnerExceptions[1]).InnerException);
    }

    [Fact]
    public async Task What_the_disposal_of_a_losers_result_throws_is_logged()
    {
        var log = new FailureLog();
        var broken = new Resource(new IOException("the disposal failed"));
        var winner = new Resource();
        var allRun = new Countdown(2);
        Resource given = await Gather.FirstSuccessAsync([0, 1], new GatherOptions { DisposeDiscarded = true, Logger = log }, async (item, token) =>
        {
            await allRun.SignalAndWaitAsync();
            while (item == 0 && !token.IsCancellationRequested)
            {
                await Task.Yield();
            }

            return item == 0 ? broken : winner;
        }, TestToken).WaitAsync(Guard, TestToken);

        Assert.Same(winner, given);
        Assert.Same(broken.Failure, Assert.Single(log.Unseen));
    }

    [Fact]
    public async Task Values_are_disposed_of_settled_items_that_nobody_gets()
    {
        var resource = new Resource();
        var failure = new IOException("the source broke");
        var source = new CountingSource(2) { BeforeItem = index => index == 1 ? ValueTask.FromException(failure) : default };
        await Assert.ThrowsAsync<IOException>(() => Gather.SettledAsync(source.AsEnumerable(), new() { MaxConcurrency = 1, DisposeDiscarded = true }, (item, token) => Task.FromResult(resource), TestToken));

        Assert.Equal(1, resource.Disposals);
    }

    [Fact]
    public async Task Results_of_a_stream_that_is_left_are_disposed_but_none_that_was_given()
    {
        var given = new Resource();
        Resource[] resources = [given, given, new(), new()];
        var allRun = new Countdown(4);
        await foreach (Resource resource in Gather.StreamAsync([0, 1, 2, 3], new() { MaxConcurrency = 4, DisposeDiscarded = true }, async (item, token) =>
        {
            await allRun.SignalAndWaitAsync();
            return resources[item];
        }, TestToken))
        {
            Assert.Same(given, resource);
            break;
        }

        Assert.Equal([0, 0, 1, 1], resources.Select(static resource => resource.Disposals));
    }

    private sealed class Resource(Exception? failure = null) : IAsyncDisposable, IDisposable
    {
        private int _disposals;

        public Exception? Failure => failure;

        public int Disposals => Volatile.Read(ref _disposals);

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            Interlocked.Increment(ref _disposals);
            if (failure is not null)
            {
                throw failure;
            }
        }

        public void Dispose() => throw new InvalidOperationException("The asynchronous way is preferred.");
    }

    private sealed class Countdown(int count)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SignalAndWaitAsync()
        {
            if (Interlocked.Decrement(ref count) == 0)
            {
                _all.SetResult();
            }

            return _all.Task.WaitAsync(Guard, CancellationToken.None);
        }
    }

    private readonly struct Slot(int number, List<int> disposed) : IDisposable
    {
        public void Dispose() => disposed.Add(number);
    }
}
