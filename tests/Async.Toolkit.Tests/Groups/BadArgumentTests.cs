using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>Bad arguments: refused at once, before any work starts, by a message that names the argument and the value.</summary>
public sealed class BadArgumentTests
{
    [Fact]
    public void RunAsync_refuses_null()
    {
        var options = new TaskGroupOptions();
        Refuses("body", () => TaskGroup.RunAsync((Func<TaskGroup, ValueTask>)null!));
        Refuses("body", () => TaskGroup.RunAsync((Func<TaskGroup, Task>)null!));
        Refuses("body", () => TaskGroup.RunAsync((Func<TaskGroup, ValueTask<int>>)null!));
        Refuses("body", () => TaskGroup.RunAsync((Func<TaskGroup, Task<int>>)null!));
        Refuses("body", () => TaskGroup.RunAsync(options, (Func<TaskGroup, ValueTask>)null!));
        Refuses("body", () => TaskGroup.RunAsync(options, (Func<TaskGroup, Task>)null!));
        Refuses("body", () => TaskGroup.RunAsync(options, (Func<TaskGroup, ValueTask<int>>)null!));
        Refuses("body", () => TaskGroup.RunAsync(options, (Func<TaskGroup, Task<int>>)null!));

        bool called = false;
        ValueTask Body(TaskGroup group)
        {
            called = true;
            return default;
        }

        Refuses("options", () => TaskGroup.RunAsync(null!, Body));
        Refuses("options", () => TaskGroup.RunAsync(null!, group => Body(group).AsTask()));
        Refuses("options", () => TaskGroup.RunAsync(null!, _ => new ValueTask<int>(1)));
        Refuses("options", () => TaskGroup.RunAsync(null!, _ => Task.FromResult(1)));
        Assert.False(called);
    }

    [Fact]
    public void A_null_argument_is_refused_before_a_canceled_token_is_looked_at()
    {
        var canceled = new CancellationToken(canceled: true);
        Refuses("body", () => TaskGroup.RunAsync((Func<TaskGroup, Task>)null!, canceled));
        Refuses("options", () => TaskGroup.RunAsync(null!, _ => ValueTask.CompletedTask, canceled));
    }

    [Fact]
    public async Task Run_refuses_null_and_the_group_is_none_the_worse()
    {
        var options = new ChildOptions();
        int result = await TaskGroup.RunAsync(async group =>
        {
            Refuses("child", () => group.Run((Func<CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Run((Func<CancellationToken, Task>)null!));
            Refuses("child", () => group.Run((Func<CancellationToken, ValueTask<int>>)null!));
            Refuses("child", () => group.Run((Func<CancellationToken, Task<int>>)null!));
            Refuses("child", () => group.Run(1, (Func<int, CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Run(1, (Func<int, CancellationToken, Task>)null!));
            Refuses("child", () => group.Run(1, (Func<int, CancellationToken, ValueTask<int>>)null!));
            Refuses("child", () => group.Run(1, (Func<int, CancellationToken, Task<int>>)null!));
            Refuses("child", () => group.Run(options, (Func<CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Run(options, (Func<CancellationToken, Task>)null!));
            Refuses("child", () => group.Run(options, (Func<CancellationToken, ValueTask<int>>)null!));
            Refuses("child", () => group.Run(options, (Func<CancellationToken, Task<int>>)null!));
            Refuses("child", () => group.Run(options, 1, (Func<int, CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Run(options, 1, (Func<int, CancellationToken, Task>)null!));
            Refuses("child", () => group.Run(options, 1, (Func<int, CancellationToken, ValueTask<int>>)null!));
            Refuses("child", () => group.Run(options, 1, (Func<int, CancellationToken, Task<int>>)null!));

            bool called = false;
            Refuses("options", () => group.Run((ChildOptions)null!, _ => Called<ValueTask>()));
            Refuses("options", () => group.Run((ChildOptions)null!, _ => Called<Task>()));
            Refuses("options", () => group.Run((ChildOptions)null!, _ => Called<ValueTask<int>>()));
            Refuses("options", () => group.Run((ChildOptions)null!, _ => Called<Task<int>>()));
            Refuses("options", () => group.Run((ChildOptions)null!, 1, (_, _) => Called<ValueTask>()));
            Refuses("options", () => group.Run((ChildOptions)null!, 1, (_, _) => Called<Task>()));
            Refuses("options", () => group.Run((ChildOptions)null!, 1, (_, _) => Called<ValueTask<int>>()));
            Refuses("options", () => group.Run((ChildOptions)null!, 1, (_, _) => Called<Task<int>>()));
            Assert.False(called);
            return await group.Run(_ => new ValueTask<int>(1));

            T Called<T>()
            {
                called = true;
                return default!;
            }
        }).Guarded();
        Assert.Equal(1, result);
    }

    [Fact]
    public async Task Start_refuses_null_and_the_group_is_none_the_worse()
    {
        var options = new ChildOptions();
        int result = await TaskGroup.RunAsync(async group =>
        {
            Refuses("child", () => group.Start((Func<CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Start((Func<CancellationToken, Task>)null!));
            Refuses("child", () => group.Start((Func<CancellationToken, ValueTask<int>>)null!));
            Refuses("child", () => group.Start(1, (Func<int, CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Start(1, (Func<int, CancellationToken, Task>)null!));
            Refuses("child", () => group.Start(1, (Func<int, CancellationToken, ValueTask<int>>)null!));
            Refuses("child", () => group.Start(options, (Func<CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Start(options, (Func<CancellationToken, Task>)null!));
            Refuses("child", () => group.Start(options, (Func<CancellationToken, ValueTask<int>>)null!));
            Refuses("child", () => group.Start(options, 1, (Func<int, CancellationToken, ValueTask>)null!));
            Refuses("child", () => group.Start(options, 1, (Func<int, CancellationToken, Task>)null!));
            Refuses("child", () => group.Start(options, 1, (Func<int, CancellationToken, ValueTask<int>>)null!));
            Refuses("options", () => group.Start((ChildOptions)null!, _ => default(ValueTask)));
            Refuses("options", () => group.Start((ChildOptions)null!, _ => Task.CompletedTask));
            Refuses("options", () => group.Start((ChildOptions)null!, _ => default(ValueTask<int>)));
            Refuses("options", () => group.Start((ChildOptions)null!, 1, (_, _) => default(ValueTask)));
            Refuses("options", () => group.Start((ChildOptions)null!, 1, (_, _) => Task.CompletedTask));
            Refuses("options", () => group.Start((ChildOptions)null!, 1, (_, _) => default(ValueTask<int>)));
            return await group.Run(_ => new ValueTask<int>(1));
        }).Guarded();
        Assert.Equal(1, result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_limit_below_one_is_refused(int limit) =>
        RefusesValue("MaxConcurrency", limit, () => new TaskGroupOptions { MaxConcurrency = limit });

    [Theory]
    [InlineData(-1)]
    [InlineData(-20_000)]
    [InlineData(long.MinValue)]
    public void A_negative_time_other_than_infinite_is_refused(long ticks)
    {
        var time = TimeSpan.FromTicks(ticks);
        RefusesValue("Timeout", time, () => new TaskGroupOptions { Timeout = time });
        RefusesValue("CancellationWarningDelay", time, () => new TaskGroupOptions { CancellationWarningDelay = time });
    }

    [Fact]
    public void Infinite_times_and_no_limit_are_accepted()
    {
        var options = new TaskGroupOptions { Timeout = Timeout.InfiniteTimeSpan, CancellationWarningDelay = Timeout.InfiniteTimeSpan, MaxConcurrency = null };
        Assert.Equal((Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, null), (options.Timeout, options.CancellationWarningDelay, options.MaxConcurrency));
    }

    [Fact]
    public void An_undefined_value_of_an_enumeration_is_refused()
    {
        RefusesValue("FailurePolicy", (FailurePolicy)3, () => new TaskGroupOptions { FailurePolicy = (FailurePolicy)3 });
        RefusesValue("FailurePolicy", (FailurePolicy)(-1), () => new TaskGroupOptions { FailurePolicy = (FailurePolicy)(-1) });
        RefusesValue("ChildContext", (ChildContext)2, () => new TaskGroupOptions { ChildContext = (ChildContext)2 });
    }

    [Fact]
    public void A_null_name_or_clock_is_refused()
    {
        Refuses("Name", () => new TaskGroupOptions { Name = null! });
        Refuses("TimeProvider", () => new TaskGroupOptions { TimeProvider = null! });
    }

    private static void Refuses(string argument, Func<object> call) => Assert.Throws<ArgumentNullException>(argument, call);

    private static void Refuses(string argument, Action call) => Assert.Throws<ArgumentNullException>(argument, call);

    private static void RefusesValue(string argument, object value, Func<object> call)
    {
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(argument, call);
        Assert.Equal(value, thrown.ActualValue);
        Assert.Contains(argument, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(value.ToString()!, thrown.Message, StringComparison.Ordinal);
    }
}
