using Async.Toolkit.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>No user code runs under the group's lock, and nobody is resumed on a stack that is not his.</summary>
public sealed class GroupLockTests
{
    [Fact]
    public async Task A_handler_runs_without_the_lock()
    {
        TaskGroup? kept = null;
        await TaskGroup.RunAsync(new() { MaxConcurrency = 8, FailurePolicy = FailurePolicy.Isolate, ChildFailed = _ => UseFromAnotherThread(kept!) }, group =>
        {
            kept = group;
            group.Start(_ => throw new IOException());
            return ValueTask.CompletedTask;
        }).Guarded();
    }

    [Fact]
    public async Task A_failure_is_recorded_and_handled_while_the_handler_of_another_one_runs()
    {
        var second = new Gate(2);
        bool met = true;
        void Handle(ChildFailure failure)
        {
            second.Open();
            met &= second.Opened.Wait(TimeSpan.FromSeconds(30));
        }

        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll, ChildFailed = Handle }, group =>
        {
            group.Start(_ => throw new IOException());
            group.Start(_ => throw new FormatException());
            return ValueTask.CompletedTask;
        });
        Assert.Equal(2, (await run.Failures()).Count);
        Assert.True(met);
    }

    [Fact]
    public async Task A_question_about_cancellation_runs_without_the_lock()
    {
        TaskGroup? kept = null;
        bool Ask(Exception failure)
        {
            UseFromAnotherThread(kept!);
            return true;
        }

        await TaskGroup.RunAsync(new() { MaxConcurrency = 8, IsCancellation = Ask }, async group =>
        {
            kept = group;
            var started = new Gate();
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                throw new IOException();
            });
            await started.Opened;
            group.Cancel();
        }).Guarded();
    }

    [Fact]
    public async Task Cancellation_callbacks_run_without_the_lock()
    {
        await TaskGroup.RunAsync(new() { MaxConcurrency = 8 }, group =>
        {
            group.CancellationToken.Register(() => UseFromAnotherThread(group));
            group.Cancel();
            return ValueTask.CompletedTask;
        }).Guarded();
    }

    [Fact]
    public async Task Posts_to_a_context_run_without_the_lock()
    {
        TaskGroup? kept = null;
        int posts = 0;
        var context = new PostContext((callback, state) =>
        {
            if (Interlocked.Increment(ref posts) == 1)
            {
                UseFromAnotherThread(kept!);
            }

            callback(state);
        });
        await context.Enter(() => TaskGroup.RunAsync(new() { MaxConcurrency = 8, ChildContext = ChildContext.Caller }, group =>
        {
            kept = group;
            group.Start(_ => ValueTask.CompletedTask);
            return ValueTask.CompletedTask;
        })).Guarded();
        Assert.Equal(2, posts);
    }

    [Fact]
    public async Task Logging_runs_without_the_lock()
    {
        TaskGroup? kept = null;
        var clock = new FakeTimeProvider();
        int logged = 0;
        var logger = new FakeLogger
        {
            OnLog = _ =>
            {
                logged++;
                UseFromAnotherThread(kept!);
            },
        };
        await TaskGroup.RunAsync(new() { MaxConcurrency = 8, FailurePolicy = FailurePolicy.Isolate, Logger = logger, TimeProvider = clock }, async group =>
        {
            kept = group;
            await group.Run(_ => throw new IOException()).Ended();
            group.Cancel();
            clock.Advance(TimeSpan.FromSeconds(10));
        }).Guarded();
        Assert.Equal(2, logged);
    }

    [Fact]
    public async Task Whoever_awaits_a_childs_task_never_resumes_on_the_childs_stack()
    {
        var release = new TaskCompletionSource();
        bool left = false;
        int ending = 0;
        bool resumedInside = false;
        await TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            Task child = group.Run(async _ =>
            {
                started.Open();
                await release.Task;
            });
            Task resumed = child.ContinueWith(
                _ => resumedInside = Environment.CurrentManagedThreadId == ending && !Volatile.Read(ref left),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            await started.Opened;
            ending = Environment.CurrentManagedThreadId;
            release.SetResult();
            Volatile.Write(ref left, true);
            await resumed;
        }).Guarded();
        Assert.False(resumedInside);
    }

    // Would wait for ever if the calling thread held the lock; the guard turns that into a failure.
    private static void UseFromAnotherThread(TaskGroup group)
    {
        var other = new Thread(() =>
        {
            group.Start(_ => ValueTask.CompletedTask);
            _ = group.CancellationReason;
        });
        other.Start();
        Assert.True(other.Join(TimeSpan.FromSeconds(30)), "The group's lock is held while user code runs.");
    }
}
