using Async.Toolkit.Tests.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>
/// The library waits without a <see cref="SynchronizationContext"/>, whoever's is current: that of its caller, or one that a delegate, a source or a result has
/// left behind on the thread. Every kind of call is here, with work that really has to be waited for.
/// </summary>
[Collection(Listeners.Name)]
public sealed partial class ContextCaptureTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, Func<WatchedContext, Task>> GroupCalls = new()
    {
        ["a group's body"] = context => context.Enter(() => TaskGroup.RunAsync(_ => context.Suspend())),
        ["a group's body with a result"] = context => context.Enter(() => TaskGroup.RunAsync(_ => context.Suspend(1))),
        ["children"] = context => context.Enter(() => TaskGroup.RunAsync(group =>
        {
            group.Start(_ => context.Suspend());
            group.Start("state", (_, _) => context.Suspend());
            group.Run(_ => context.Suspend(1));
            return Task.CompletedTask;
        })),
        ["children one at a time"] = context => context.Enter(() => TaskGroup.RunAsync(new() { MaxConcurrency = 1, Timeout = Hour }, group =>
        {
            group.Start(_ => context.Suspend());
            group.Start(_ => context.Suspend());
            return Task.CompletedTask;
        })),
        ["a child with a token of its own"] = async context =>
        {
            using var own = new CancellationTokenSource();
            await context.Enter(() => TaskGroup.RunAsync(group => group.Run(new() { CancellationToken = own.Token }, _ => context.Suspend()))).ConfigureAwait(false);
        },
        ["a group that fails"] = context => context.Enter(() => TaskGroup.RunAsync(group =>
        {
            group.Start(_ => context.Suspend());
            throw new InvalidOperationException();
        })).Failures(),
        ["the join of an open group"] = context => context.Enter(() =>
        {
            TaskGroup group = TaskGroup.Open();
            group.Start(_ => context.Suspend());
            return group.JoinAsync();
        }),
        ["the disposal of an open group"] = async context =>
        {
            var begun = new Gate();
            var release = new Gate();
            TaskGroup group = TaskGroup.Open();
            group.Start(_ =>
            {
                begun.Open();
                return context.Leave(release.Opened);
            });
            await begun.Reached().ConfigureAwait(false);
            Task end = context.Enter(() => group.DisposeAsync().AsTask());
            release.Open();
            await end.ConfigureAwait(false);
        },
    };

    private static readonly Dictionary<string, Func<WatchedContext, Task>> OtherCalls = new()
    {
        ["a time limit"] = context => context.Enter(() => AsyncTimeout.RunAsync(Hour, _ => context.Suspend())),
        ["a time limit with a result"] = context => context.Enter(() => AsyncTimeout.RunAsync(Hour, _ => context.Suspend(1))),
        ["a time limit that may not be kept"] = context => context.Enter(() => AsyncTimeout.TryRunAsync(Hour, _ => context.Suspend())),
        ["a time limit that may not be kept, with a result"] = context => context.Enter(() => AsyncTimeout.TryRunAsync(new() { Timeout = Hour, AbandonAfter = Hour }, _ => context.Suspend(1))),
        ["the disposal of a scope"] = async context =>
        {
            var inCallback = new Gate();
            using var hold = new ManualResetEventSlim();
            using var caller = new CancellationTokenSource();
            var limit = new AsyncTimeout(Hour, caller.Token);
            limit.Token.Register(() =>
            {
                inCallback.Open();
                hold.Wait(TimeSpan.FromSeconds(30));
            });
            await caller.CancelAsync().ConfigureAwait(false);
            await inCallback.Reached().ConfigureAwait(false);
            Task end = context.Enter(() => limit.DisposeAsync().AsTask());
            hold.Set();
            await end.ConfigureAwait(false);
        },
        ["a semaphore"] = async context =>
        {
            using var semaphore = new AsyncSemaphore(1);
            AsyncSemaphore.Permit held = await semaphore.AcquireAsync().ConfigureAwait(false);
            Task<AsyncSemaphore.Permit> waiting = context.Enter(() => semaphore.AcquireAsync().AsTask());
            held.Dispose();
            (await waiting.ConfigureAwait(false)).Dispose();
        },
        ["a program"] = context => context.Enter(() => AsyncApp.RunAsync(new() { HandleSignals = false }, _ => context.Suspend())),
        ["a program with an exit code"] = context => context.Enter(() => AsyncApp.RunAsync(new() { HandleSignals = false }, _ => context.Suspend(1))),
        ["an event loop"] = context => Task.Factory.StartNew(() => EventLoop.Run(_ => new ValueTask(context.Suspend())), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
    };

    // Not a field: those of the other files may be set after it.
    private static Dictionary<string, Func<WatchedContext, Task>> AllCalls => new[] { GroupCalls, GatherCalls, PageCalls, OtherCalls }.SelectMany(static calls => calls).ToDictionary();

    public static TheoryData<string> Calls => [.. AllCalls.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Nothing_is_posted_to_a_context_that_nobody_asked_for(string call)
    {
        var context = new WatchedContext();

        await AllCalls[call](context).Guarded();

        Assert.Equal(0, context.Posts);
    }

    [Fact]
    public async Task On_the_callers_context_children_are_begun_and_nothing_else_is_posted()
    {
        var context = new WatchedContext();
        var begun = new Gate(3);
        var release = new Gate();
        Task run = context.Enter(() => TaskGroup.RunAsync(new() { ChildContext = ChildContext.Caller }, group =>
        {
            for (int i = 0; i < 3; i++)
            {
                group.Start(_ =>
                {
                    begun.Open();
                    return release.Opened;
                });
            }

            return context.Leave(release.Opened);
        }));
        await begun.Reached();
        int posts = context.Posts;
        release.Open();
        await run.Guarded();

        Assert.InRange(posts, 1, 3);
        Assert.Equal(posts, context.Posts);
    }
}
