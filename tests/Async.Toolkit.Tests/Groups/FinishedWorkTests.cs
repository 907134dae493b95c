using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Work that finished although a cancellation struck meanwhile is kept; what was queued or refused counts as unfinished.</summary>
public sealed class FinishedWorkTests
{
    [Fact]
    public async Task Work_that_finished_all_the_same_is_kept_when_the_caller_cancels()
    {
        using var caller = new CancellationTokenSource();
        var probe = new Gate();
        Task<int> kept = TaskGroup.RunAsync(async group =>
        {
            Task<int> child = group.Run(async ct =>
            {
                probe.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
                return 6;
            });
            return await child;
        }, caller.Token);
        await probe.Reached();
        caller.Cancel();
        Assert.Equal(6, await kept.Guarded());
    }

    [Fact]
    public async Task What_was_still_queued_counts_as_unfinished()
    {
        using var caller = new CancellationTokenSource();
        var started = new Gate();
        bool called = false;
        Task? queued = null;
        Task run = TaskGroup.RunAsync(new() { MaxConcurrency = 1 }, group =>
        {
            group.Start(async ct =>
            {
                started.Open();
                await ct.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
            });
            queued = group.Run(_ =>
            {
                called = true;
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        }, caller.Token);
        await started.Reached();
        await caller.CancelAsync();
        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
        Assert.False(called);
        await queued!.Cancellation();
    }

    [Fact]
    public async Task What_was_refused_counts_as_unfinished()
    {
        using var caller = new CancellationTokenSource();
        Task run = TaskGroup.RunAsync(async group =>
        {
            Task canceled = group.CancellationToken.UntilCanceled().ContinueWith(static _ => { }, TaskScheduler.Default);
            caller.Cancel();
            await canceled;
            group.Start(_ => ValueTask.CompletedTask);
        }, caller.Token);

        Assert.Equal(caller.Token, (await run.Cancellation()).CancellationToken);
    }

    [Fact]
    public async Task A_child_that_swallows_the_cancellation_succeeded()
    {
        using var caller = new CancellationTokenSource();
        var started = new Gate();
        Task<int>? child = null;
        Task<string> run = TaskGroup.RunAsync(group =>
        {
            child = group.Run(async ct =>
            {
                started.Open();
                try
                {
                    await ct.UntilCanceled();
                }
                catch (OperationCanceledException)
                {
                }

                return 8;
            });
            return new ValueTask<string>("kept");
        }, caller.Token);
        await started.Reached();
        await caller.CancelAsync();
        Assert.Equal("kept", await run.Guarded());
        Assert.Equal(8, await child!.Guarded());
    }
}
