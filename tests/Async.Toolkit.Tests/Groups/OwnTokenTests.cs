using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>A child with a token of its own, in the moments around that token's cancellation.</summary>
public sealed class OwnTokenTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_does_not_begin_once_its_token_is_canceled_even_before_the_token_has_told_it()
    {
        using var own = new CancellationTokenSource();
        var release = new Gate();
        var began = new Gate();
        Task? child = null;
        Task run = TaskGroup.RunAsync(
            new() { MaxConcurrency = 1 },
            async group =>
            {
                group.Start(_ => release.Opened);
                child = group.Run(new ChildOptions { CancellationToken = own.Token }, _ =>
                {
                    began.Open();
                    return ValueTask.CompletedTask;
                });

                // Registered after the child's own registration, so it is called before it, and holds it up.
                own.Token.Register(() =>
                {
                    release.Open();
                    ((IAsyncResult)child).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(30));
                });
                await own.CancelAsync();
            },
            TestToken);

        await run.Guarded();
        Assert.Equal(own.Token, (await child!.Cancellation()).CancellationToken);
        Assert.False(began.IsOpen);
    }

    [Fact]
    public async Task What_a_callback_of_the_childs_token_threw_is_not_lost_when_the_group_is_canceled_after_the_child()
    {
        var failure = new IOException();
        using var own = new CancellationTokenSource();
        var canceled = new Gate();
        Task run = TaskGroup.RunAsync(
            async group =>
            {
                var started = new Gate();
                var struck = new Gate();
                group.Start(new ChildOptions { CancellationToken = own.Token }, async ct =>
                {
                    ct.Register(() =>
                    {
                        struck.Open();
                        throw failure;
                    });
                    started.Open();
                    await canceled.Opened;
                });
                await started.Opened;
                await own.CancelAsync();
                await struck.Opened;
                group.Cancel();
                canceled.Open();
            },
            TestToken);

        Assert.Same(failure, await run.OnlyFailure());
    }
}
