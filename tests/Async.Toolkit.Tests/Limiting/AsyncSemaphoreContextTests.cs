using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Limiting;

/// <summary>Waiters whose own context is broken.</summary>
public sealed class AsyncSemaphoreContextTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("release")]
    [InlineData("cancel")]
    [InlineData("dispose")]
    public async Task A_context_that_throws_keeps_nobody_else_waiting(string end)
    {
        using var semaphore = new AsyncSemaphore(2);
        using var caller = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(end == "cancel" ? 1 : 2, Token);
        var broken = new PostContext((_, _) => throw new InvalidDataException());
        _ = broken.Enter(async () => await semaphore.AcquireAsync(end == "cancel" ? 2 : 1, caller.Token));
        Task<AsyncSemaphore.Permit> behind = semaphore.AcquireAsync(Token).AsTask();

        Exception? thrown = Record.Exception(end switch
        {
            "release" => held.Dispose,
            "cancel" => caller.Cancel,
            _ => semaphore.Dispose,
        });

        Assert.IsType<InvalidDataException>(thrown is AggregateException { InnerException: { } inner } ? inner : thrown);
        if (end == "dispose")
        {
            Assert.IsType<ObjectDisposedException>(await behind.OnlyFailure());
        }
        else
        {
            (await behind.Guarded()).Dispose();
        }
    }

    [Fact]
    public async Task A_waiter_that_is_canceled_while_the_disposal_still_tells_others_is_refused_once()
    {
        using var semaphore = new AsyncSemaphore(1);
        using var caller = new CancellationTokenSource();
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(Token);
        var canceling = new PostContext((_, _) => caller.Cancel());
        _ = canceling.Enter(async () => await semaphore.AcquireAsync(Token));
        Task<AsyncSemaphore.Permit> behind = semaphore.AcquireAsync(caller.Token).AsTask();

        semaphore.Dispose();
        Assert.True(caller.IsCancellationRequested);
        Assert.IsType<ObjectDisposedException>(await behind.OnlyFailure());
        Assert.Equal(0, semaphore.WaitingCount);
        held.Dispose();
    }

    [Theory]
    [InlineData("release")]
    [InlineData("dispose")]
    public async Task Of_several_contexts_that_throw_the_first_one_is_told(string end)
    {
        using var semaphore = new AsyncSemaphore(2);
        AsyncSemaphore.Permit held = await semaphore.AcquireAsync(2, Token);
        foreach (string broken in (string[])["first", "second"])
        {
            var context = new PostContext((_, _) => throw new InvalidDataException(broken));
            _ = context.Enter(async () => await semaphore.AcquireAsync(Token));
        }

        Assert.Equal("first", Assert.Throws<InvalidDataException>(end == "release" ? held.Dispose : semaphore.Dispose).Message);
    }
}
