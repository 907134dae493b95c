using Async.Toolkit.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

[Collection(nameof(OnVirtualTime))]
public sealed class StragglerTests
{
    [Fact]
    public Task Items_that_ignore_the_cancellation_are_named_in_a_warning() => VirtualTime.RunAsync(async time =>
    {
        var log = new FailureLog();
        using var cancellation = new CancellationTokenSource();
        Task call = Gather.ForEachAsync(new CountingSource().AsEnumerable(), new() { MaxConcurrency = 2, TimeProvider = time.Provider, Logger = log, Name = "import" }, async (item, _) =>
        {
            if (item == 18)
            {
                await cancellation.CancelAsync();
                await time.Delay(TimeSpan.FromSeconds(11), CancellationToken.None);
            }
        }, cancellation.Token);

        await call.Cancellation();
        (int _, string warning, Exception? _) = Assert.Single(log.Entries, static entry => entry.Id == 3);
        Assert.Equal("Gather 'import' was canceled (Caller) 00:00:10 ago and still waits for 1: item 18.", warning);
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task A_source_that_ignores_the_cancellation_is_named_in_a_warning() => VirtualTime.RunAsync(async time =>
    {
        var log = new FailureLog();
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource
        {
            BeforeItem = async _ =>
            {
                await cancellation.CancelAsync();
                await time.Delay(TimeSpan.FromSeconds(11), CancellationToken.None);
            },
        };
        Task call = Gather.ForEachAsync(source.AsAsyncEnumerable(), new() { MaxConcurrency = 2, TimeProvider = time.Provider, Logger = log, Name = "import" }, static (_, _) => Task.CompletedTask, cancellation.Token);

        await call.Cancellation();
        (int _, string warning, Exception? _) = Assert.Single(log.Entries, static entry => entry.Id == 3);
        Assert.Equal("Gather 'import' was canceled (Caller) 00:00:10 ago and still waits for 1: the source.", warning);
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task A_worker_that_a_source_keeps_from_its_next_item_is_named_beside_it() => VirtualTime.RunAsync(async time =>
    {
        var log = new FailureLog();
        using var cancellation = new CancellationTokenSource();
        var asked = new Gate();
        var source = new CountingSource
        {
            BeforeItem = async item =>
            {
                if (item == 1)
                {
                    asked.Open();
                    await cancellation.CancelAsync();
                    await time.Delay(TimeSpan.FromSeconds(11), CancellationToken.None);
                }
            },
        };
        Task call = Gather.ForEachAsync(source.AsAsyncEnumerable(), new() { MaxConcurrency = 2, TimeProvider = time.Provider, Logger = log, Name = "import" }, (_, _) => asked.Opened, cancellation.Token);

        await call.Cancellation();
        (int _, string warning, Exception? _) = Assert.Single(log.Entries, static entry => entry.Id == 3);
        Assert.Equal("Gather 'import' was canceled (Caller) 00:00:10 ago and still waits for 2: a worker without an item, the source.", warning);
    }, TestContext.Current.CancellationToken);
}
