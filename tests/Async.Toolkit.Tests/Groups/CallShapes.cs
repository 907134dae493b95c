using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>
/// Every shape in which a delegate, a state and options can be handed to a group, as users write them: without a cast, without a type
/// argument, without a warning. The type of each variable is part of the test.
/// </summary>
public sealed class CallShapes
{
    private int _ran;

    private int Ran => Volatile.Read(ref _ran);

    [Fact]
    public Task Run_plain() => TaskGroup.RunAsync(async group =>
    {
        Task yields = group.Run(async ct => await YieldAsync(ct));
        Task<int> yieldsValue = group.Run(async ct => { await YieldAsync(ct); return 1; });
        Task asStatic = group.Run(static async _ => await Task.Yield());
        Task<string> asStaticValue = group.Run(static async _ => { await Task.Yield(); return "2"; });
        Task task = group.Run(ct => TaskAsync(ct));
        Task<int> taskOf = group.Run(ct => TaskOfAsync(ct));
        Task valueTask = group.Run(ct => ValueTaskAsync(ct));
        Task<int> valueTaskOf = group.Run(ct => ValueTaskOfAsync(ct));
        Task methodTask = group.Run(TaskAsync);
        Task<int> methodTaskOf = group.Run(TaskOfAsync);
        Task methodValueTask = group.Run(ValueTaskAsync);
        Task<int> methodValueTaskOf = group.Run(ValueTaskOfAsync);
        Task completed = group.Run(_ => ValueTask.CompletedTask);
        Task completedTask = group.Run(_ => Task.CompletedTask);
        Task<int> fromResult = group.Run(_ => Task.FromResult(3));
        Task<int> valueFromResult = group.Run(_ => ValueTask.FromResult(4));
        Task<(int, string)> tuple = group.Run(async _ => { await Task.Yield(); return (5, "five"); });
        Task<int?> nullable = group.Run(async _ => { await Task.Yield(); return (int?)null; });
        Task delegated = group.Run(async delegate { await Task.Yield(); });

        await Task.WhenAll(yields, asStatic, task, valueTask, methodTask, methodValueTask, completed, completedTask, delegated);
        Assert.Equal((1, "2"), (await yieldsValue, await asStaticValue));
        Assert.Equal((11, 12, 11, 12), (await taskOf, await valueTaskOf, await methodTaskOf, await methodValueTaskOf));
        Assert.Equal((3, 4, (5, "five"), null), (await fromResult, await valueFromResult, await tuple, await nullable));
        Assert.Equal(10, Ran);
    }).Guarded();

    [Fact]
    public Task Run_with_a_state() => TaskGroup.RunAsync(async group =>
    {
        string state = "abc";
        Task yields = group.Run(state, async (s, ct) => await YieldAsync(ct));
        Task<int> yieldsValue = group.Run(state, async (s, _) => { await Task.Yield(); return s.Length; });
        Task<int> asStatic = group.Run(state, static async (s, _) => { await Task.Yield(); return s.Length + 1; });
        Task<int> value = group.Run(state, static (s, _) => new ValueTask<int>(s.Length + 2));
        Task<int> taskOf = group.Run(state, static (s, _) => Task.FromResult(s.Length + 3));
        Task valueTask = group.Run(state, (_, ct) => ValueTaskAsync(ct));
        Task task = group.Run(state, (_, ct) => TaskAsync(ct));
        Task<int> tuple = group.Run((state, 7), static async (s, _) => { await Task.Yield(); return s.state.Length + s.Item2; });
        Task<int> named = group.Run((Text: state, Number: 8), static (s, _) => ValueTask.FromResult(s.Text.Length + s.Number));
        Task methodTask = group.Run(1, StateTaskAsync);
        Task<int> methodTaskOf = group.Run(2, StateTaskOfAsync);
        Task methodValueTask = group.Run(3, StateValueTaskAsync);
        Task<int> methodValueTaskOf = group.Run(4, StateValueTaskOfAsync);
        Task<bool> withNull = group.Run((string?)null, static (s, _) => new ValueTask<bool>(s is null));
        Task<CallShapes> withThis = group.Run(this, static async (self, ct) => { await self.YieldAsync(ct); return self; });

        await Task.WhenAll(yields, valueTask, task, methodTask, methodValueTask);
        Assert.Equal((3, 4, 5, 6), (await yieldsValue, await asStatic, await value, await taskOf));
        Assert.Equal((10, 11, 22, 24), (await tuple, await named, await methodTaskOf, await methodValueTaskOf));
        Assert.True(await withNull);
        Assert.Same(this, await withThis);
        Assert.Equal(8, Ran);
    }).Guarded();

    [Fact]
    public Task Run_with_options() => TaskGroup.RunAsync(async group =>
    {
        var options = new ChildOptions { Name = "kept" };
        using var own = new CancellationTokenSource();
        Task yields = group.Run(new() { Name = "new" }, async ct => await YieldAsync(ct));
        Task<int> yieldsValue = group.Run(new() { Name = "new" }, async _ => { await Task.Yield(); return 1; });
        Task<int> asStatic = group.Run(new() { Name = "new", CancellationToken = own.Token }, static async _ => { await Task.Yield(); return 2; });
        Task task = group.Run(options, ct => TaskAsync(ct));
        Task<int> taskOf = group.Run(options, ct => TaskOfAsync(ct));
        Task valueTask = group.Run(options, ct => ValueTaskAsync(ct));
        Task<int> valueTaskOf = group.Run(options, ct => ValueTaskOfAsync(ct));
        Task methodTask = group.Run(new() { Name = "method" }, TaskAsync);
        Task<int> methodTaskOf = group.Run(new() { Name = "method" }, TaskOfAsync);
        Task methodValueTask = group.Run(new() { Name = "method" }, ValueTaskAsync);
        Task<int> methodValueTaskOf = group.Run(new() { Name = "method" }, ValueTaskOfAsync);
        Task stated = group.Run(new() { Name = "state" }, "abc", async (s, ct) => await YieldAsync(ct));
        Task<int> statedValue = group.Run(new() { Name = "state" }, "abc", static async (s, _) => { await Task.Yield(); return s.Length; });
        Task<int> statedTuple = group.Run(options, ("abc", 4), static (s, _) => new ValueTask<int>(s.Item1.Length + s.Item2));
        Task<int> statedTask = group.Run(options, "abc", static (s, _) => Task.FromResult(s.Length));
        Task statedMethod = group.Run(options, 1, StateTaskAsync);
        Task<int> statedMethodOf = group.Run(new() { Name = "state" }, 2, StateTaskOfAsync);
        Task statedValueMethod = group.Run(new() { Name = "state" }, 3, StateValueTaskAsync);
        Task<int> statedValueMethodOf = group.Run(options, 4, StateValueTaskOfAsync);

        await Task.WhenAll(yields, task, valueTask, methodTask, methodValueTask, stated, statedMethod, statedValueMethod);
        Assert.Equal((1, 2, 11, 12, 11, 12), (await yieldsValue, await asStatic, await taskOf, await valueTaskOf, await methodTaskOf, await methodValueTaskOf));
        Assert.Equal((3, 7, 3, 22, 24), (await statedValue, await statedTuple, await statedTask, await statedMethodOf, await statedValueMethodOf));
        Assert.Equal(14, Ran);
    }).Guarded();

    [Fact]
    public async Task Start_in_every_shape()
    {
        await TaskGroup.RunAsync(group =>
        {
            var options = new ChildOptions { Name = "kept" };
            group.Start(async ct => await YieldAsync(ct));
            group.Start(async ct => { await YieldAsync(ct); return 1; });
            group.Start(static async _ => await Task.Yield());
            group.Start(ct => TaskAsync(ct));
            group.Start(ct => TaskOfAsync(ct));
            group.Start(ct => ValueTaskAsync(ct));
            group.Start(ct => ValueTaskOfAsync(ct));
            group.Start(TaskAsync);
            group.Start(TaskOfAsync);
            group.Start(ValueTaskAsync);
            group.Start(ValueTaskOfAsync);
            group.Start("abc", async (s, ct) => await YieldAsync(ct));
            group.Start("abc", async (s, ct) => { await YieldAsync(ct); return s; });
            group.Start(("abc", this), static (s, ct) => s.Item2.ValueTaskAsync(ct));
            group.Start(this, static (self, ct) => self.TaskAsync(ct));
            group.Start(this, static (self, ct) => self.TaskOfAsync(ct));
            group.Start(this, static (self, ct) => self.ValueTaskOfAsync(ct));
            group.Start(1, StateTaskAsync);
            group.Start(1, StateTaskOfAsync);
            group.Start(1, StateValueTaskAsync);
            group.Start(1, StateValueTaskOfAsync);
            group.Start(new() { Name = "new" }, async ct => await YieldAsync(ct));
            group.Start(new() { Name = "new" }, async ct => { await YieldAsync(ct); return 1; });
            group.Start(new() { Name = "new" }, TaskAsync);
            group.Start(new() { Name = "new" }, TaskOfAsync);
            group.Start(options, ValueTaskAsync);
            group.Start(options, ValueTaskOfAsync);
            group.Start(options, ct => TaskAsync(ct));
            group.Start(options, ct => TaskOfAsync(ct));
            group.Start(new() { Name = "state" }, "abc", async (s, ct) => await YieldAsync(ct));
            group.Start(new() { Name = "state" }, ("abc", 1), async (s, ct) => { await YieldAsync(ct); return s.Item2; });
            group.Start(new() { Name = "state" }, 1, StateTaskAsync);
            group.Start(options, 1, StateTaskOfAsync);
            group.Start(options, 1, StateValueTaskAsync);
            group.Start(options, 1, StateValueTaskOfAsync);
            return ValueTask.CompletedTask;
        }).Guarded();
        Assert.Equal(34, Ran);
    }

    [Fact]
    public async Task Delegates_that_are_held_in_variables()
    {
        Func<CancellationToken, Task> task = TaskAsync;
        Func<CancellationToken, Task<int>> taskOf = TaskOfAsync;
        Func<CancellationToken, ValueTask> valueTask = ValueTaskAsync;
        Func<CancellationToken, ValueTask<int>> valueTaskOf = ValueTaskOfAsync;
        Func<int, CancellationToken, Task<int>> stated = StateTaskOfAsync;
        await TaskGroup.RunAsync(async group =>
        {
            Task one = group.Run(task);
            Task<int> two = group.Run(taskOf);
            Task three = group.Run(valueTask);
            Task<int> four = group.Run(valueTaskOf);
            Task<int> five = group.Run(1, stated);
            Task<int> six = group.Run(new() { Name = "held" }, 1, stated);
            group.Start(task);
            group.Start(taskOf);
            group.Start(valueTask);
            group.Start(valueTaskOf);
            group.Start(1, stated);
            await Task.WhenAll(one, three);
            Assert.Equal((11, 12, 21, 21), (await two, await four, await five, await six));
        }).Guarded();
        Assert.Equal(11, Ran);
    }

    [Fact]
    public async Task Lambdas_that_only_throw()
    {
        Task run = TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.WaitForAll }, group =>
        {
            Task plain = group.Run(_ => throw new IOException("1"));
            Task stated = group.Run("abc", (s, _) => throw new IOException(s));
            Task optioned = group.Run(new() { Name = "throws" }, _ => throw new IOException("2"));
            group.Start(_ => throw new IOException("3"));
            group.Start("def", (s, _) => throw new IOException(s));
            group.Start(new() { Name = "throws" }, _ => throw new IOException("4"));
            group.Start(new() { Name = "throws" }, "ghi", (s, _) => throw new IOException(s));
            throw new IOException("5");
        });
        Assert.Equal(["1", "2", "3", "4", "5", "abc", "def", "ghi"], (await run.Failures()).Select(failure => failure.Message).Order());
    }

    [Fact]
    public async Task RunAsync_in_every_shape()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var options = new TaskGroupOptions { Name = "kept" };
        Task yields = TaskGroup.RunAsync(async group => await YieldAsync(group.CancellationToken));
        Task withToken = TaskGroup.RunAsync(async group => await YieldAsync(group.CancellationToken), token);
        Task<int> value = TaskGroup.RunAsync(async group => await group.Run(ValueTaskOfAsync));
        Task<int> valueWithToken = TaskGroup.RunAsync(async group => await group.Run(ValueTaskOfAsync), token);
        Task asStatic = TaskGroup.RunAsync(static async group => await Task.Yield());
        Task statements = TaskGroup.RunAsync(group =>
        {
            group.Start(TaskAsync);
            return ValueTask.CompletedTask;
        });
        Task passedOn = TaskGroup.RunAsync(group => group.Run(TaskAsync));
        Task<int> passedOnValue = TaskGroup.RunAsync(group => group.Run(TaskOfAsync));
        Task method = TaskGroup.RunAsync(BodyTaskAsync);
        Task<int> methodOf = TaskGroup.RunAsync(BodyTaskOfAsync, token);
        Task methodValue = TaskGroup.RunAsync(BodyValueTaskAsync, token);
        Task<int> methodValueOf = TaskGroup.RunAsync(BodyValueTaskOfAsync);
        Task optioned = TaskGroup.RunAsync(new() { MaxConcurrency = 3 }, async group => await group.Run(TaskAsync));
        Task<int> optionedValue = TaskGroup.RunAsync(new() { MaxConcurrency = 3 }, async group => await group.Run(TaskOfAsync), token);
        Task optionedMethod = TaskGroup.RunAsync(options, BodyTaskAsync, token);
        Task<int> optionedMethodOf = TaskGroup.RunAsync(options, BodyTaskOfAsync);
        Task optionedMethodValue = TaskGroup.RunAsync(options, BodyValueTaskAsync);
        Task<int> optionedMethodValueOf = TaskGroup.RunAsync(new() { Name = "new" }, BodyValueTaskOfAsync, token);
        Task throws = TaskGroup.RunAsync(_ => throw new IOException());
        Task optionedThrows = TaskGroup.RunAsync(new() { Name = "throws" }, _ => throw new IOException());

        await Task.WhenAll(yields, withToken, asStatic, statements, passedOn, method, methodValue, optioned, optionedMethod, optionedMethodValue).Guarded();
        int[] values = await Task.WhenAll(value, valueWithToken, passedOnValue, methodOf, methodValueOf, optionedValue, optionedMethodOf, optionedMethodValueOf).Guarded();
        Assert.Equal([12, 12, 11, 31, 32, 11, 31, 32], values);
        Assert.IsType<IOException>(await throws.OnlyFailure());
        Assert.IsType<IOException>(await optionedThrows.OnlyFailure());
    }

    private async Task YieldAsync(CancellationToken token)
    {
        await Task.Yield();
        token.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _ran);
    }

    private Task TaskAsync(CancellationToken token) => YieldAsync(token);

    private async Task<int> TaskOfAsync(CancellationToken token)
    {
        await YieldAsync(token);
        return 11;
    }

    private async ValueTask ValueTaskAsync(CancellationToken token) => await YieldAsync(token);

    private async ValueTask<int> ValueTaskOfAsync(CancellationToken token)
    {
        await YieldAsync(token);
        return 12;
    }

    private Task StateTaskAsync(int state, CancellationToken token) => YieldAsync(token);

    private async Task<int> StateTaskOfAsync(int state, CancellationToken token)
    {
        await YieldAsync(token);
        return 20 + state;
    }

    private async ValueTask StateValueTaskAsync(int state, CancellationToken token) => await YieldAsync(token);

    private async ValueTask<int> StateValueTaskOfAsync(int state, CancellationToken token)
    {
        await YieldAsync(token);
        return 20 + state;
    }

    private Task BodyTaskAsync(TaskGroup group) => YieldAsync(group.CancellationToken);

    private async Task<int> BodyTaskOfAsync(TaskGroup group)
    {
        await YieldAsync(group.CancellationToken);
        return 31;
    }

    private async ValueTask BodyValueTaskAsync(TaskGroup group) => await YieldAsync(group.CancellationToken);

    private async ValueTask<int> BodyValueTaskOfAsync(TaskGroup group)
    {
        await YieldAsync(group.CancellationToken);
        return 32;
    }
}
