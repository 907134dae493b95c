using Xunit;

namespace Async.Toolkit.Tests.Exact.Groups;

/// <summary>What stays on the heap.</summary>
public sealed class RetentionTests(ITestOutputHelper output)
{
    private const int Million = 1_000_000;

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

        await RetainsNothing(() => RunGroups(Million, caller.Token));
    }

    // What a million leave behind they leave each time; what the pool takes for the threads that it adds on a busy machine it takes once.
    private async Task RetainsNothing(Func<Task> runMillion)
    {
        long retained = long.MaxValue;
        for (int i = 0; i < 3 && retained > Million / 10; i++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            await runMillion();
            retained = GC.GetTotalMemory(forceFullCollection: true) - before;
            output.WriteLine($"{retained} bytes after {Million}");
        }

        Assert.InRange(retained, long.MinValue, Million / 10);
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

        await RetainsNothing(() =>
        {
            waves.Run(Million / Size, startChild);
            return Task.CompletedTask;
        });
        Assert.False(group.CancellationToken.IsCancellationRequested);
        await group.JoinAsync();
    }
}
