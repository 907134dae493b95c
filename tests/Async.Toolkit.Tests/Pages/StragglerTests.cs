using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Pages;

public sealed class StragglerTests
{
    [Theory]
    [InlineData(true, "the fetch of a page")]
    [InlineData(false, "the fetch of pages ahead")]
    public async Task A_fetch_that_ignores_its_cancellation_is_told_to_the_sequences_logger(bool severalAtOnce, string name)
    {
        var clock = new FakeTimeProvider();
        var logger = new FakeLogger();
        var canceled = new Gate();
        var release = new Gate();
        var server = PageServer.Of(3, onFetch: async (page, token) =>
        {
            if (page == 1)
            {
                await using CancellationTokenRegistration registration = token.Register(canceled.Open);
                await release.Opened;
            }
        });
        PageSequence<int> sequence = severalAtOnce
            ? Styles.ByPageNumber(server).Concurrency(2).LogTo(logger, clock)
            : Styles.ByCursor(server).Prefetch(1).LogTo(logger, clock);

        Task loop = sequence.LoopWhile(async _ =>
        {
            await server.AskedFor(1);
            return false;
        });
        await canceled.Reached();
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(logger.Entries);
        clock.Advance(TimeSpan.FromSeconds(1));
        LogEntry warning = Assert.Single(logger.Entries, static entry => entry.Event.Id == 3);
        Assert.False(loop.IsCompleted);
        release.Open();
        await loop.Guarded();

        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains(name, warning.Message, StringComparison.Ordinal);
    }
}
