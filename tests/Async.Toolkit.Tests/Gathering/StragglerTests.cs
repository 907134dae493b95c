using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Gathering;

public sealed class StragglerTests
{
    [Fact]
    public async Task Items_that_ignore_the_cancellation_are_named_in_a_warning()
    {
        var clock = new FakeTimeProvider();
        var log = new FailureLog();
        using var cancellation = new CancellationTokenSource();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task call = Gather.ForEachAsync(new CountingSource().AsEnumerable(), new() { MaxConcurrency = 2, TimeProvider = clock, Logger = log, Name = "import" }, async (item, token) =>
        {
            if (item == 18)
            {
                token.Register(struck.SetResult);
                await cancellation.CancelAsync();
                await release.Task.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            }
        }, cancellation.Token);

        await struck.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        (int _, string warning, Exception? _) = Assert.Single(log.Entries, static entry => entry.Id == 3);
        release.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.Contains("'import'", warning, StringComparison.Ordinal);
        Assert.Contains("item 18", warning, StringComparison.Ordinal);
    }
}
