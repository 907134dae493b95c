using Async.Toolkit.Testing;
using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

[Collection(nameof(OnVirtualTime))]
public sealed class StragglerTests
{
    [Theory]
    [InlineData(true, false, "the fetch of a page")]
    [InlineData(true, true, "the fetch of a page")]
    [InlineData(false, false, "the fetch of pages ahead")]
    [InlineData(false, true, "the fetch of pages ahead")]
    public Task A_fetch_that_ignores_its_cancellation_is_told_to_the_sequences_logger(bool severalAtOnce, bool byFactory, string name) => VirtualTime.RunAsync(async time =>
    {
        var warned = TimeSpan.Zero;
        var logger = new FakeLogger { OnLog = _ => warned = time.Elapsed };
        var server = PageServer.Of(3, onFetch: (page, _) => page == 1 ? time.Delay(TimeSpan.FromMinutes(1), CancellationToken.None) : Task.CompletedTask);
        PageSequence<int> sequence = severalAtOnce ? Styles.ByPageNumber(server).Concurrency(2) : Styles.ByCursor(server).Prefetch(1);
        sequence = byFactory ? sequence.LogTo(new FakeLoggerFactory(() => logger), time.Provider) : sequence.LogTo(logger, time.Provider);

        await sequence.LoopWhile(async _ =>
        {
            await server.AskedFor(1);
            return false;
        });

        Assert.Equal(1, time.Elapsed.TotalMinutes); // waited for
        Assert.Equal(10, warned.TotalSeconds);
        LogEntry warning = Assert.Single(logger.Entries);
        Assert.Equal((3, LogLevel.Warning), (warning.Event.Id, warning.Level));
        Assert.Contains(name, warning.Message, StringComparison.Ordinal);
    }, TestContext.Current.CancellationToken);
}
