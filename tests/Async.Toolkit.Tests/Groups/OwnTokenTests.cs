using Async.Toolkit.Tests.Fakes;
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

    [Fact]
    public async Task What_a_child_throws_at_once_is_its_failure()
    {
        var failure = new IOException();
        using var own = new CancellationTokenSource();
        Task? child = null;
        Task run = TaskGroup.RunAsync(
            group =>
            {
                child = group.Run(new ChildOptions { CancellationToken = own.Token }, Task (_) => throw failure);
                return Task.CompletedTask;
            },
            TestToken);

        Assert.Same(failure, await run.OnlyFailure());
        Assert.Same(failure, await child!.OnlyFailure());
    }

    [Fact]
    public async Task The_childs_own_failure_comes_before_that_of_its_tokens_callback()
    {
        var failure = new IOException();
        var broken = new FormatException();
        using var own = new CancellationTokenSource();
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
                        throw broken;
                    });
                    started.Open();
                    await struck.Opened;
                    throw failure;
                });
                await started.Opened;
                await own.CancelAsync();
            },
            TestToken);

        Assert.Equal([failure, broken], await run.Failures());
    }

    [Fact]
    public async Task A_finished_child_leaves_nothing_on_the_token_of_a_group_that_stays_open()
    {
        using var own = new CancellationTokenSource();
        await using TaskGroup group = TaskGroup.Open(null, TestToken);
        WeakReference finished = await RunChild(group, own.Token);
        Assert.True(await finished.IsCollected());

        static async Task<WeakReference> RunChild(TaskGroup group, CancellationToken token)
        {
            object heavy = new();
            await group.Run(new() { CancellationToken = token }, heavy, static async (heavy, _) =>
            {
                await Task.Yield();
                GC.KeepAlive(heavy);
            });
            return new WeakReference(heavy);
        }
    }

    [Fact]
    public async Task A_child_that_could_not_be_posted_leaves_nothing_on_its_token()
    {
        using var own = new CancellationTokenSource();
        WeakReference posted = await StartChild(own.Token);
        Assert.True(await posted.IsCollected());

        static async Task<WeakReference> StartChild(CancellationToken token)
        {
            object heavy = new();
            var closed = new PostContext(static (_, _) => throw new NotSupportedException());
            Task run = closed.Enter(() => TaskGroup.RunAsync(
                new() { ChildContext = ChildContext.Caller },
                group =>
                {
                    group.Start(new() { CancellationToken = token }, heavy, static (_, _) => ValueTask.CompletedTask);
                    return ValueTask.CompletedTask;
                },
                TestToken));
            await run.OnlyFailure();
            return new WeakReference(heavy);
        }
    }
}
