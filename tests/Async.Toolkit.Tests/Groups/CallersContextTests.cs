using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>A caller's context that does not do what is posted to it, or not there and then.</summary>
public sealed class CallersContextTests
{
    private static readonly PostContext Deaf = new(static (_, _) => { });

    [Fact]
    public async Task A_group_ends_though_its_callers_context_runs_nothing_any_more()
    {
        var release = new Gate();
        Task run = Deaf.Enter(() => TaskGroup.RunAsync(_ => release.Opened));
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task A_disposal_ends_though_its_callers_context_runs_nothing_any_more()
    {
        var release = new Gate();
        TaskGroup group = TaskGroup.Open(null, CancellationToken.None);
        group.Start(_ => release.Opened);
        Task disposal = Deaf.Enter(() => group.DisposeAsync().AsTask());
        release.Open();
        await disposal.Guarded();
    }

    [Fact]
    public async Task A_child_on_the_callers_context_is_posted_there_once_and_its_end_is_not()
    {
        int posts = 0;
        var context = new PostContext((callback, state) =>
        {
            if (Interlocked.Increment(ref posts) == 1)
            {
                callback(state);
            }
        });
        var release = new Gate();
        Task run = context.Enter(() => TaskGroup.RunAsync(new() { ChildContext = ChildContext.Caller }, group =>
        {
            group.Start(_ => release.Opened);
            return ValueTask.CompletedTask;
        }));
        release.Open();
        await run.Guarded();
        Assert.Equal(1, posts);
    }

    [Fact]
    public async Task A_post_that_throws_when_its_child_has_ended_the_group_is_told_to_the_log()
    {
        var failure = new ObjectDisposedException("window");
        int posts = 0;
        var context = new PostContext((callback, state) =>
        {
            callback(state);
            if (++posts == 2)
            {
                throw failure;
            }
        });
        var release = new Gate();
        var logger = new FakeLogger();
        Task run = context.Enter(() => TaskGroup.RunAsync(new() { Name = "dock", ChildContext = ChildContext.Caller, MaxConcurrency = 1, Logger = logger }, group =>
        {
            group.Start(_ => release.Opened);
            group.Start(static _ => ValueTask.CompletedTask);
            return ValueTask.CompletedTask;
        }));
        release.Open();
        await run.Guarded();

        Assert.Same(failure, (await logger.First(4)).Exception);
    }

    [Theory]
    [InlineData("to the pool")]
    [InlineData("inline")]
    [InlineData("never")]
    public async Task Groups_nested_deeper_than_the_stack_go_on_where_the_callers_context_says(string posts)
    {
        const int Levels = 2_000;
        var failure = new ObjectDisposedException("window");
        int posted = 0;
        var context = new PostContext((callback, state) =>
        {
            Interlocked.Increment(ref posted);
            switch (posts)
            {
                case "to the pool":
                    ThreadPool.QueueUserWorkItem(_ => callback(state));
                    break;
                case "inline":
                    callback(state);
                    break;
                default:
                    throw failure;
            }
        });
        var innermost = new Gate();
        Task? run = null;
        var thread = new Thread(() => run = context.Enter(() => Nest(Levels)), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();

        if (posts == "never")
        {
            Assert.Same(failure, await run!.OnlyFailure());
            Assert.False(innermost.IsOpen);
        }
        else
        {
            await run!.Guarded();
            Assert.True(innermost.IsOpen);
        }

        Assert.True(posted > 0);

        Task Nest(int level) => TaskGroup.RunAsync(_ =>
        {
            if (level > 0)
            {
                return Nest(level - 1);
            }

            innermost.Open();
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Groups_nested_deeper_than_the_stack_go_on_where_no_context_flows()
    {
        const int Levels = 2_000;
        int bodies = 0;
        Task? run = null;
        var thread = new Thread(() =>
        {
            using (ExecutionContext.SuppressFlow())
            {
                run = Nest(Levels);
            }
        }, maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        await run!.Guarded();
        Assert.Equal(Levels + 1, bodies);

        Task Nest(int level) => TaskGroup.RunAsync(_ =>
        {
            Interlocked.Increment(ref bodies);
            return level > 0 ? Nest(level - 1) : Task.CompletedTask;
        });
    }
}
