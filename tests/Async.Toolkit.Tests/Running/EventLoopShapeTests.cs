using Xunit;

namespace Async.Toolkit.Tests.Running;

/// <summary>Every shape of call compiles as it stands, and bad ones are refused before anything runs.</summary>
public sealed class EventLoopShapeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_shape_of_main_compiles_and_runs()
    {
        EventLoop.Run(async ct => await Task.Yield(), Cancel);
        EventLoop.Run(ct => Task.CompletedTask, Cancel);
        EventLoop.Run(ct => ValueTask.CompletedTask, Cancel);
        EventLoop.Run(TaskMain, Cancel);
        EventLoop.Run(ValueTaskMain, Cancel);
        EventLoop.Run(new() { Name = "x" }, async ct => await Task.Yield(), Cancel);
        EventLoop.Run(new() { Name = "x" }, TaskMain, Cancel);
        EventLoop.Run(new() { Name = "x" }, ValueTaskMain, Cancel);
        Assert.Throws<InvalidDataException>(() => EventLoop.Run(async ct => { await Task.Yield(); throw new InvalidDataException(); }, Cancel));

        Assert.Equal(1, EventLoop.Run(async ct => { await Task.Yield(); return 1; }, Cancel));
        Assert.Equal(2, EventLoop.Run(ct => Task.FromResult(2), Cancel));
        Assert.Equal(3, EventLoop.Run(ct => ValueTask.FromResult(3), Cancel));
        Assert.Equal(4, EventLoop.Run(TaskResultMain, Cancel));
        Assert.Equal(5, EventLoop.Run(ValueTaskResultMain, Cancel));
        Assert.Equal(6, EventLoop.Run(new() { Name = "x" }, async ct => { await Task.Yield(); return 6; }, Cancel));
        Assert.Equal(4, EventLoop.Run(new() { Name = "x" }, TaskResultMain, Cancel));
        Assert.Equal(5, EventLoop.Run(new() { Name = "x" }, ValueTaskResultMain, Cancel));
    }

    [Fact]
    public void Null_arguments_are_named()
    {
        Assert.Throws<ArgumentNullException>("main", () => EventLoop.Run((Func<CancellationToken, Task>)null!, Cancel));
        Assert.Throws<ArgumentNullException>("main", () => EventLoop.Run((Func<CancellationToken, ValueTask>)null!, Cancel));
        Assert.Throws<ArgumentNullException>("main", () => EventLoop.Run((Func<CancellationToken, Task<int>>)null!, Cancel));
        Assert.Throws<ArgumentNullException>("main", () => EventLoop.Run((Func<CancellationToken, ValueTask<int>>)null!, Cancel));
        Assert.Throws<ArgumentNullException>("options", () => EventLoop.Run(null!, TaskMain, Cancel));
        Assert.Throws<ArgumentNullException>("options", () => EventLoop.Run(null!, ValueTaskMain, Cancel));
        Assert.Throws<ArgumentNullException>("options", () => EventLoop.Run(null!, TaskResultMain, Cancel));
        Assert.Throws<ArgumentNullException>("options", () => EventLoop.Run(null!, ValueTaskResultMain, Cancel));
        EventLoop.Run(
            ct =>
            {
                Assert.Throws<ArgumentNullException>("callback", () => EventLoop.Current.Post(null!));
                Assert.Throws<ArgumentNullException>("callback", () => EventLoop.Current.Post(null!, null));
                return Task.CompletedTask;
            },
            Cancel);
    }

    [Fact]
    public void A_main_that_returns_null_is_a_failure_that_says_so()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => EventLoop.Run((Func<CancellationToken, Task>)(ct => null!), Cancel));
        Assert.Contains("returned null", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_options_are_refused_with_their_name_and_value()
    {
        Assert.Throws<ArgumentNullException>("Name", () => new EventLoopOptions { Name = null! });
        Assert.Throws<ArgumentNullException>("TimeProvider", () => new EventLoopOptions { TimeProvider = null! });
        var thrown = Assert.Throws<ArgumentOutOfRangeException>("CancellationWarningDelay", () => new EventLoopOptions { CancellationWarningDelay = TimeSpan.FromSeconds(-5) });
        Assert.Equal(TimeSpan.FromSeconds(-5), thrown.ActualValue);
    }

    [Fact]
    public void The_options_reach_the_root_group()
    {
        Assert.Equal("EventLoop", new EventLoopOptions().Name);
        EventLoop.Run(
            new() { Name = "mine" },
            ct =>
            {
                Assert.Equal("mine", EventLoop.Current.Name);
                Assert.Equal("mine", EventLoop.Current.Group.Name);
                Assert.Equal(ct, EventLoop.Current.Group.CancellationToken);
                return Task.CompletedTask;
            },
            Cancel);
    }

    private static async Task TaskMain(CancellationToken ct) => await Task.Yield();

    private static async ValueTask ValueTaskMain(CancellationToken ct) => await Task.Yield();

    private static Task<int> TaskResultMain(CancellationToken ct) => Task.FromResult(4);

    private static ValueTask<int> ValueTaskResultMain(CancellationToken ct) => ValueTask.FromResult(5);
}
