using Xunit;

namespace Async.Toolkit.Tests.Issues;

/// <summary>Bugs that other libraries had in what a <see cref="TaskGroup"/> does, each asked of ours.</summary>
public sealed class PeerGroupTests
{
    /// <summary><c>Parallel.ForEachAsync</c> reports only the cancellation then.</summary>
    [Fact]
    public async Task The_callers_cancellation_together_with_a_real_failure_keeps_the_failure()
    {
        for (int i = 0; i < 100; i++)
        {
            using var caller = new CancellationTokenSource();
            var failure = new IOException();
            Task run = TaskGroup.RunAsync(async group =>
            {
                var started = new Gate();
                group.Start(async ct =>
                {
                    started.Open();
                    await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                    throw failure;
                });
                group.Start(ct => ct.UntilCanceled());
                await started.Opened;
                caller.Cancel();
                await group.CancellationToken.UntilCanceled();
            }, caller.Token);

            Assert.Same(failure, await run.OnlyFailure());
        }
    }

    /// <summary><c>Parallel.ForEachAsync</c> mixes the cancellations of the siblings in.</summary>
    [Fact]
    public async Task No_siblings_cancellation_is_among_the_failures()
    {
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate(100);
            for (int i = 0; i < 100; i++)
            {
                bool throws = i % 2 == 0;
                group.Start(async ct =>
                {
                    started.Open();
                    if (throws)
                    {
                        await ct.UntilCanceled();
                    }
                    else
                    {
                        await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                        throw new OperationCanceledException();
                    }
                });
            }

            await started.Opened;
            throw failure;
        });

        Assert.Same(failure, await run.OnlyFailure());
    }

    /// <summary>dotnet/runtime#82427: <c>Parallel.ForEachAsync</c> never completed.</summary>
    [Fact]
    public async Task A_throwing_cancel_callback_does_not_keep_the_group_from_completing()
    {
        using var caller = new CancellationTokenSource();
        var callback = new InvalidOperationException("callback");
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            group.Start(async ct =>
            {
                using CancellationTokenRegistration registration = ct.Register(() => throw callback);
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
            });
            await started.Opened;
            Assert.Null(Record.Exception(caller.Cancel));
            await group.CancellationToken.UntilCanceled();
        }, caller.Token);

        Assert.Same(callback, await run.OnlyFailure());
    }

    /// <summary>dotnet/runtime#58981: errors that were all cancellations counted as success.</summary>
    [Fact]
    public async Task Errors_that_are_all_foreign_cancellations_are_failures()
    {
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll }, group =>
        {
            group.Start(_ => throw new OperationCanceledException("one"));
            group.Start(_ => Task.FromCanceled(new CancellationToken(canceled: true)));
            group.Start(async _ =>
            {
                await Task.Yield();
                throw new TaskCanceledException("three");
            });
            return ValueTask.CompletedTask;
        });

        IReadOnlyList<Exception> failures = await run.Failures();
        Assert.Equal(3, failures.Count);
        Assert.All(failures, failure => Assert.IsType<ChildCanceledException>(failure));
    }

    /// <summary>Nito's group ended as if it had succeeded.</summary>
    [Fact]
    public async Task The_callers_cancellation_is_reported_as_such()
    {
        using var caller = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled();
            });
            await started.Opened;
            await caller.CancelAsync();
        }, caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
    }

    /// <summary>Nito's group lost it.</summary>
    [Fact]
    public async Task The_second_failure_is_kept()
    {
        Exception[] failures = [new IOException(), new FormatException()];
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                throw failures[1];
            });
            await started.Opened;
            group.Start(_ => throw failures[0]);
        });

        Assert.Equal(failures, await run.Failures());
    }

    /// <summary>In Nito's group it did.</summary>
    [Fact]
    public async Task A_throwing_callback_does_not_replace_the_childs_failure()
    {
        var failure = new IOException();
        var callback = new InvalidOperationException("callback");
        Task run = TaskGroup.RunAsync(group =>
        {
            group.CancellationToken.Register(() => throw callback);
            group.Start(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        IReadOnlyList<Exception> failures = await run.Failures();
        Assert.Equal([failure, callback], failures);
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => run));
    }

    /// <summary>Nito's group resumed the joiner inside the last child's final statement.</summary>
    [Fact]
    public async Task The_joiner_is_not_resumed_inside_the_last_childs_end()
    {
        var release = new TaskCompletionSource();
        var started = new Gate();
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(_ =>
            {
                started.Open();
                return release.Task;
            });
            return ValueTask.CompletedTask;
        });
        using var joinerMayGoOn = new ManualResetEventSlim();
        Task joiner = run.ContinueWith(
            _ => Assert.True(joinerMayGoOn.Wait(TimeSpan.FromSeconds(30))),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        await started.Reached();

        // Ends the child on this thread. Were the joiner resumed here, it would block this very line.
        release.SetResult();
        joinerMayGoOn.Set();
        await joiner.Guarded();
    }

    /// <summary>Icicle's children outlived their scope.</summary>
    [Fact]
    public async Task No_child_outlives_the_scope()
    {
        int running = 0;
        Task run = TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < 100; i++)
            {
                group.Start(async ct =>
                {
                    Interlocked.Increment(ref running);
                    await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                    for (int j = 0; j < 50; j++)
                    {
                        await Task.Yield();
                    }

                    Interlocked.Decrement(ref running);
                });
            }

            throw new IOException();
        });

        await run.OnlyFailure();
        Assert.Equal(0, Volatile.Read(ref running));
    }

    /// <summary>Icicle's timeouts read as success.</summary>
    [Fact]
    public async Task A_timeout_is_not_read_as_success()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        Task run = TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromSeconds(1), TimeProvider = clock }, async group =>
        {
            var started = new Gate();
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled();
            });
            await started.Opened;
            clock.Advance(TimeSpan.FromSeconds(1));
        });

        Assert.IsType<TimeoutException>(await run.OnlyFailure());
    }
}
