using Xunit;

namespace Async.Toolkit.Tests.Issues;

/// <summary>Groups in groups: python/cpython#116720 lost an outer cancellation there, and deep nesting overflows a naive join.</summary>
public sealed class NestedGroupTests
{
    private const int Levels = 5_000;

    // An exception that awaits carry up gathers a longer stack trace at each level, which costs the square of the depth with any library.
    private const int AwaitedLevels = 500;

    [Fact]
    public async Task An_inner_failure_that_is_caught_does_not_swallow_the_outer_cancellation()
    {
        using var caller = new CancellationTokenSource();
        var failure = new IOException();
        bool caught = false;
        Task run = TaskGroup.RunAsync(async outer =>
        {
            try
            {
                await TaskGroup.RunAsync(async inner =>
                {
                    var started = new Gate();
                    inner.Start(async ct =>
                    {
                        started.Open();
                        await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                        throw failure;
                    });
                    await started.Opened;
                    await caller.CancelAsync();
                }, outer.CancellationToken);
            }
            catch (IOException thrown) when (thrown == failure)
            {
                caught = true;
            }

            await outer.CancellationToken.UntilCanceled();
        }, caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        Assert.True(caught);
    }

    [Fact]
    public async Task An_inner_cancel_does_not_swallow_the_outer_cancellation()
    {
        using var caller = new CancellationTokenSource();
        bool innerEnded = false;
        Task run = TaskGroup.RunAsync(async outer =>
        {
            await TaskGroup.RunAsync(async inner =>
            {
                inner.Cancel();
                await caller.CancelAsync();
                await inner.CancellationToken.UntilCanceled();
            }, outer.CancellationToken);
            innerEnded = true;
            await outer.CancellationToken.UntilCanceled();
        }, caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        Assert.True(innerEnded);
    }

    [Fact]
    public async Task An_outer_failure_cancels_the_inner_group_and_nothing_else_surfaces()
    {
        var failure = new IOException();
        Task? inner = null;
        Task run = TaskGroup.RunAsync(async outer =>
        {
            var started = new Gate();
            inner = outer.Run(ct => TaskGroup.RunAsync(async group =>
            {
                await group.Run(async ct =>
                {
                    started.Open();
                    await ct.UntilCanceled();
                });
            }, ct));
            await started.Opened;
            throw failure;
        });

        Assert.Same(failure, await run.OnlyFailure());
        await inner!.Cancellation();
    }

    [Fact]
    public async Task The_inner_timeout_is_the_inner_groups_and_a_failure_of_the_outer_one()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        Task run = TaskGroup.RunAsync(new() { Name = "outer", Timeout = TimeSpan.FromSeconds(9), TimeProvider = clock }, async outer =>
        {
            await TaskGroup.RunAsync(new() { Name = "inner", Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async inner =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await inner.CancellationToken.UntilCanceled();
            }, outer.CancellationToken);
        });

        Assert.Contains("'inner'", Assert.IsType<TimeoutException>(await run.OnlyFailure()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_thousand_levels_of_bodies_neither_overflow_nor_lose_the_failure()
    {
        var failure = new IOException("innermost");
        Assert.Same(failure, await Nest(Levels).OnlyFailure());

        Task Nest(int level) => TaskGroup.RunAsync(_ => level == 0 ? throw failure : Nest(level - 1));
    }

    [Fact]
    public async Task Many_levels_of_awaiting_bodies_neither_overflow_nor_lose_the_failure()
    {
        var failure = new IOException("innermost");
        Assert.Same(failure, await Nest(AwaitedLevels).OnlyFailure());

        Task<int> Nest(int level) => TaskGroup.RunAsync(async _ => level == 0 ? throw failure : await Nest(level - 1));
    }

    [Fact]
    public async Task Five_thousand_levels_of_children_neither_overflow_nor_lose_the_failure()
    {
        var failure = new IOException("innermost");
        Assert.Same(failure, await Nest(Levels, default).OnlyFailure());

        Task Nest(int level, CancellationToken token) => TaskGroup.RunAsync(group =>
        {
            group.Start(ct => level == 0 ? throw failure : Nest(level - 1, ct));
            return ValueTask.CompletedTask;
        }, token);
    }

    [Fact]
    public async Task Many_levels_of_awaiting_children_neither_overflow_nor_lose_the_failure()
    {
        var failure = new IOException("innermost");
        Assert.Same(failure, await Nest(AwaitedLevels, default).OnlyFailure());

        Task<int> Nest(int level, CancellationToken token) => TaskGroup.RunAsync(
            async group => await group.Run(async ct =>
            {
                await Task.Yield();
                return level == 0 ? throw failure : await Nest(level - 1, ct);
            }),
            token);
    }

    [Fact]
    public async Task Five_thousand_levels_of_bodies_give_the_innermost_result()
    {
        Assert.Equal(42, await Nest(Levels).Guarded());

        Task<int> Nest(int level) => TaskGroup.RunAsync(async group => level == 0 ? await group.Run(_ => new ValueTask<int>(42)) : await Nest(level - 1));
    }

    [Fact]
    public async Task Five_thousand_levels_of_children_give_the_innermost_result()
    {
        Assert.Equal(42, await Nest(Levels, default).Guarded());

        Task<int> Nest(int level, CancellationToken token) => TaskGroup.RunAsync(
            async group => await group.Run(async ct => level == 0 ? 42 : await Nest(level - 1, ct)),
            token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_from_outside_goes_through_five_thousand_levels(bool children)
    {
        using var caller = new CancellationTokenSource();
        var innermost = new Gate();
        Task run = Nest(Levels, caller.Token);
        await innermost.Reached();
        await caller.CancelAsync();
        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);

        Task Nest(int level, CancellationToken token) => TaskGroup.RunAsync(
            group => children ? group.Run(ct => Step(level, ct)) : Step(level, group.CancellationToken),
            token);

        Task Step(int level, CancellationToken token)
        {
            if (level > 0)
            {
                return Nest(level - 1, token);
            }

            innermost.Open();
            return token.UntilCanceled();
        }
    }

    [Fact]
    public async Task A_small_stack_does_not_overflow_either_and_the_bodies_keep_their_async_locals()
    {
        var failure = new IOException("innermost");
        var local = new AsyncLocal<int>();
        int flowed = 0;
        Task? run = null;
        var thread = new Thread(() => run = Nest(Levels), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Same(failure, await run!.OnlyFailure());
        Assert.Equal(Levels, flowed);

        Task Nest(int level)
        {
            local.Value = level;
            return TaskGroup.RunAsync(_ =>
            {
                flowed += local.Value == level ? 1 : 0;
                return level == 1 ? throw failure : Nest(level - 1);
            });
        }
    }
}
