using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>What a group waits for, and what it gives.</summary>
public sealed class GroupEndTests
{
    [Fact]
    public async Task The_bodys_result_is_given_once_every_child_has_ended()
    {
        var release = new Gate();
        bool ended = false;
        Task<int> run = TaskGroup.RunAsync(group =>
        {
            group.Start(async _ =>
            {
                await release.Opened;
                Volatile.Write(ref ended, true);
            });
            return new ValueTask<int>(42);
        });

        Assert.False(run.IsCompleted);
        release.Open();
        Assert.Equal(42, await run.Guarded());
        Assert.True(ended);
    }

    [Fact]
    public async Task The_group_waits_for_a_body_that_outlasts_its_children()
    {
        var release = new Gate();
        var childEnded = new Gate();
        Task run = TaskGroup.RunAsync(async group =>
        {
            await group.Run(_ => ValueTask.CompletedTask);
            childEnded.Open();
            await release.Opened;
        });

        await childEnded.Reached();
        Assert.False(run.IsCompleted);
        release.Open();
        await run.Guarded();
    }

    [Fact]
    public async Task An_empty_body_ends_at_once()
    {
        Task run = TaskGroup.RunAsync(_ => ValueTask.CompletedTask);
        Assert.True(run.IsCompletedSuccessfully);
        await run;
    }

    [Fact]
    public async Task The_body_runs_on_the_callers_thread_before_the_call_returns()
    {
        int caller = Environment.CurrentManagedThreadId;
        int body = 0;
        Task run = TaskGroup.RunAsync(_ =>
        {
            body = Environment.CurrentManagedThreadId;
            return ValueTask.CompletedTask;
        });
        Assert.Equal(caller, body);
        await run.Guarded();
    }

    [Fact]
    public async Task A_child_may_add_children_after_the_body_has_returned()
    {
        var release = new Gate();
        var order = new List<string>();
        await TaskGroup.RunAsync(group =>
        {
            group.Start(async _ =>
            {
                await release.Opened;
                group.Start(async _ =>
                {
                    await Task.Yield();
                    Assert.Equal(7, await group.Run(_ => new ValueTask<int>(7)));
                    order.Add("grandchild");
                });
            });
            release.Open();
            return ValueTask.CompletedTask;
        }).Guarded();

        Assert.Equal(["grandchild"], order);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Running_a_child_after_the_end_names_the_group(bool start)
    {
        TaskGroup? kept = null;
        await TaskGroup.RunAsync(new() { Name = "harbour" }, group =>
        {
            kept = group;
            return ValueTask.CompletedTask;
        }).Guarded();

        bool called = false;
        ValueTask Child(CancellationToken token)
        {
            called = true;
            return default;
        }

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() =>
        {
            if (start)
            {
                kept!.Start(Child);
            }
            else
            {
                _ = kept!.Run(Child);
            }
        });
        Assert.Contains("'harbour'", thrown.Message, StringComparison.Ordinal);
        Assert.False(called);
    }

    [Fact]
    public async Task A_group_without_a_cancellation_gives_no_reason()
    {
        await TaskGroup.RunAsync(new() { Name = "calm" }, group =>
        {
            Assert.Equal("calm", group.Name);
            Assert.Equal(CancellationReason.None, group.CancellationReason);
            Assert.True(group.CancellationToken.CanBeCanceled);
            return ValueTask.CompletedTask;
        }).Guarded();
    }
}
