using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code of docs/limits.md that the README does not show too.</summary>
public sealed class LimitSnippets
{
    [Fact]
    public async Task An_operation_that_ignores_its_token()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        ILogger logger = NullLogger.Instance;
        Task PrintDeafAsync() => Task.CompletedTask;

        // snippet: limit-abandon
        var impatient = new AsyncTimeoutOptions { Name = "printing", Timeout = TimeSpan.FromSeconds(10), AbandonAfter = TimeSpan.FromSeconds(1), Logger = logger };
        await AsyncTimeout.RunAsync(impatient, _ => PrintDeafAsync(), cancellationToken);
        // end-snippet
    }

    [Fact]
    public async Task It_is_left_behind_when_the_page_says_so()
    {
        var clock = new FakeTimeProvider();
        var never = new TaskCompletionSource();
        var impatient = new AsyncTimeoutOptions { Timeout = TimeSpan.FromSeconds(10), AbandonAfter = TimeSpan.FromSeconds(1), TimeProvider = clock };
        CancellationToken given = default;
        Task call = AsyncTimeout.RunAsync(
            impatient,
            ct =>
            {
                given = ct;
                return never.Task;
            },
            TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromSeconds(10));
        await given.UntilCanceled().Ended();
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<TimeoutException>(await call.OnlyFailure());
        never.SetResult();
    }
}
