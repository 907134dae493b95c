using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Cancellations that nobody had asked for, and failures that only look like cancellations to us.</summary>
public sealed class ForeignCancellationTests
{
    public static TheoryData<string> Shapes => ["throws before its first await", "throws later", "returns a canceled task", "returns a faulted task"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_childs_cancellation_that_nobody_asked_for_is_a_failure_with_the_original_inside(string shape)
    {
        var original = new TaskCanceledException("HttpClient.Timeout");
        Task? handle = null;
        Task run = TaskGroup.RunAsync(new() { Name = "quay" }, group =>
        {
            handle = group.Run(new ChildOptions { Name = "fetch" }, _ => Canceled(shape, original));
            return ValueTask.CompletedTask;
        });

        ChildCanceledException failure = Assert.IsType<ChildCanceledException>(await run.OnlyFailure());
        Assert.IsNotAssignableFrom<OperationCanceledException>(failure);
        OperationCanceledException inner = Assert.IsAssignableFrom<OperationCanceledException>(failure.InnerException);
        if (shape != "returns a canceled task")
        {
            Assert.Same(original, inner);
        }

        Assert.Equal("fetch of task group 'quay' was canceled, but nobody had asked for it.", failure.Message);
        Assert.Same(failure, await handle!.OnlyFailure());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_bodys_cancellation_that_nobody_asked_for_is_a_failure(string shape)
    {
        var original = new TaskCanceledException();
        Task run = TaskGroup.RunAsync(new() { Name = "quay" }, _ => Canceled(shape, original));
        ChildCanceledException failure = Assert.IsType<ChildCanceledException>(await run.OnlyFailure());
        Assert.Equal("The body of task group 'quay' was canceled, but nobody had asked for it.", failure.Message);
        Assert.IsAssignableFrom<OperationCanceledException>(failure.InnerException);
    }

    [Fact]
    public async Task The_original_of_a_canceled_task_keeps_its_token()
    {
        var foreign = new CancellationToken(canceled: true);
        Task run = TaskGroup.RunAsync(group =>
        {
            group.Start(_ => Task.FromCanceled(foreign));
            return ValueTask.CompletedTask;
        });

        Assert.Equal(foreign, Assert.IsAssignableFrom<OperationCanceledException>((await run.OnlyFailure()).InnerException).CancellationToken);
    }

    [Fact]
    public async Task A_foreign_cancellation_cancels_the_siblings_as_any_failure_does()
    {
        var sibling = new Gate();
        Task run = TaskGroup.RunAsync(async group =>
        {
            var started = new Gate();
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                sibling.Open();
            });
            await started.Opened;
            group.Start(_ => throw new OperationCanceledException());
        });

        await run.OnlyFailure();
        Assert.True(sibling.IsOpen);
    }

    [Fact]
    public async Task A_named_failure_counts_as_a_cancellation_once_cancellation_was_asked_for()
    {
        using var caller = new CancellationTokenSource();
        var options = new TaskGroupOptions { IsCancellation = static failure => failure is RemoteCanceledException };
        Task? handle = null;
        Task run = TaskGroup.RunAsync(options, async group =>
        {
            var started = new Gate();
            handle = group.Run(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                throw new RemoteCanceledException();
            });
            await started.Opened;
            await caller.CancelAsync();
        }, caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        await handle!.Cancellation();
    }

    [Fact]
    public async Task A_named_failure_of_the_body_counts_as_a_cancellation_too()
    {
        Task run = TaskGroup.RunAsync(new() { IsCancellation = static failure => failure is RemoteCanceledException }, group =>
        {
            group.Cancel();
            throw new RemoteCanceledException();
        });
        await run.Guarded();
    }

    [Fact]
    public async Task A_named_failure_of_a_child_whose_own_token_is_canceled_counts_too()
    {
        using var own = new CancellationTokenSource();
        Task? handle = null;
        await TaskGroup.RunAsync(new() { IsCancellation = static failure => failure is RemoteCanceledException }, async group =>
        {
            var started = new Gate();
            handle = group.Run(new ChildOptions { CancellationToken = own.Token }, async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                throw new RemoteCanceledException();
            });
            await started.Opened;
            await own.CancelAsync();
        }).Guarded();
        await handle!.Cancellation();
    }

    [Fact]
    public async Task Until_cancellation_was_asked_for_a_named_failure_is_a_failure_and_nobody_asks()
    {
        bool asked = false;
        var failure = new RemoteCanceledException();
        var options = new TaskGroupOptions
        {
            IsCancellation = _ =>
            {
                asked = true;
                return true;
            },
        };
        Task run = TaskGroup.RunAsync(options, group =>
        {
            group.Start(_ => throw failure);
            return ValueTask.CompletedTask;
        });

        Assert.Same(failure, await run.OnlyFailure());
        Assert.False(asked);
    }

    [Fact]
    public async Task What_is_not_named_stays_a_failure_after_the_cancellation()
    {
        var failure = new IOException();
        Task run = TaskGroup.RunAsync(new() { IsCancellation = static failure => failure is RemoteCanceledException }, group =>
        {
            group.Cancel();
            throw failure;
        });
        Assert.Same(failure, await run.OnlyFailure());
    }

    [Fact]
    public async Task A_question_that_throws_keeps_both_failures()
    {
        var failure = new IOException();
        var broken = new FormatException();
        Task? handle = null;
        Task run = TaskGroup.RunAsync(new() { IsCancellation = _ => throw broken }, async group =>
        {
            var started = new Gate();
            handle = group.Run(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                throw failure;
            });
            await started.Opened;
            group.Cancel();
        });

        Assert.Equal([failure, broken], await run.Failures());
        Assert.Equal([failure, broken], await handle!.Failures());
    }

    private static Task Canceled(string shape, OperationCanceledException original) => shape switch
    {
        "throws before its first await" => throw original,
        "throws later" => Later(original),
        "returns a canceled task" => Task.FromCanceled(new CancellationToken(canceled: true)),
        _ => Task.FromException(original),
    };

    private static async Task Later(Exception original)
    {
        await Task.Yield();
        throw original;
    }

    private sealed class RemoteCanceledException : Exception;
}
