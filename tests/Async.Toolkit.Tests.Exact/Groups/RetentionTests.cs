using Xunit;

namespace Async.Toolkit.Tests.Exact.Groups;

/// <summary>What stays on the heap.</summary>
public sealed class RetentionTests(ITestOutputHelper output)
{
    [Fact]
    public Task An_open_group_retains_nothing_of_a_million_children_of_Start() =>
        Retains((group, waves) => group.Start(waves, static async (waves, _) => { await Task.Yield(); waves.Done(); }));

    [Fact]
    public Task An_open_group_retains_nothing_of_a_million_children_of_Run() =>
        Retains((group, waves) => group.Run(waves, static async (waves, _) => { await Task.Yield(); waves.Done(); }));

    [Fact]
    public Task An_open_group_retains_nothing_of_a_million_children_with_tokens_of_their_own()
    {
        var source = new CancellationTokenSource();
        var options = new ChildOptions { CancellationToken = source.Token };
        return Retains((group, waves) => group.Start(options, waves, static async (waves, _) => { await Task.Yield(); waves.Done(); }));
    }

    [Fact]
    public async Task A_million_groups_leave_nothing_on_their_callers_token()
    {
        using var caller = new CancellationTokenSource();
        await RunGroups(1000, caller.Token);

        await Retained.NothingAsync(() => RunGroups(Retained.Million, caller.Token), output);
    }

    private static async Task RunGroups(int count, CancellationToken caller)
    {
        for (int i = 0; i < count; i++)
        {
            await TaskGroup.RunAsync(static group => { group.Start(static _ => ValueTask.CompletedTask); return ValueTask.CompletedTask; }, caller);
        }
    }

    private async Task Retains(Action<TaskGroup, Waves> start)
    {
        const int Size = 1000;
        using var waves = new Waves(Size);
        TaskGroup group = TaskGroup.Open(cancellationToken: TestContext.Current.CancellationToken);
        Action<Waves> startChild = waves => start(group, waves);
        waves.Run(10, startChild);

        await Retained.NothingAsync(() => waves.Run(Retained.Million / Size, startChild), output);
        Assert.False(group.CancellationToken.IsCancellationRequested);
        await group.JoinAsync();
    }
}
