using Async.Toolkit.Diagnostics;
using Async.Toolkit.Tests.Fakes;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

// Children that are posted to the context of their group's caller.
public sealed partial class MetricTests
{
    [Fact]
    public async Task A_child_whose_turn_comes_after_the_cancellation_was_never_begun()
    {
        TaskGroup? group = null;
        int posts = 0;
        var context = new PostContext((callback, state) =>
        {
            if (++posts == 1)
            {
                // Ready to start, but the first one is still being posted: neither has been called.
                group!.Start(static _ => Task.CompletedTask);
                group.Cancel();
            }

            callback(state);
        });
        group = context.Enter(() => TaskGroup.Open(new TaskGroupOptions { Name = _name, ChildContext = ChildContext.Caller }, Cancel));
        group.Start(static _ => Task.CompletedTask);
        await group.JoinAsync().Ended();

        Assert.Equal(2, _metrics.Of("async_toolkit.child.canceled", _name).Sum(static one => one.Value));
        Assert.Equal(0, _metrics.Now("async_toolkit.child.started", _name));
    }

    [Fact]
    public async Task A_posted_child_is_counted_when_it_is_called()
    {
        Action? call = null;
        var context = new PostContext((callback, state) => call = () => callback(state));
        TaskGroup group = context.Enter(() => TaskGroup.Open(new TaskGroupOptions { Name = _name, ChildContext = ChildContext.Caller }, Cancel));
        group.Start(static _ => Task.CompletedTask);
        Assert.Equal(0, _metrics.Now("async_toolkit.child.started", _name));

        call!();
        Assert.Equal(1, _metrics.Now("async_toolkit.child.started", _name));
        await group.JoinAsync().Guarded();
    }

    [Fact]
    public void Nothing_canceled_is_not_counted()
    {
        const string Name = nameof(Nothing_canceled_is_not_counted);
        using var metrics = new MetricRecorder();
        Report.CountCanceled(Name, 0);
        Report.CountCanceled(Name, 2);
        Assert.Equal([2], metrics.Of("async_toolkit.child.canceled", Name).Select(static one => one.Value));
    }
}
