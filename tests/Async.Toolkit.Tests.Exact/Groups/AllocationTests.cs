using Xunit;

namespace Async.Toolkit.Tests.Exact.Groups;

/// <summary>What a group and its children cost, in bytes.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Groups = 1000;

    // Small enough that what a wave needs (nodes, places in the queue) is all kept for the next one, however slow the pool is.
    private const int WaveSize = 64;
    private const int Count = 500;

    [Fact]
    public void A_child_of_Start_that_does_not_suspend_costs_nothing()
    {
        Waves? current = null;
        Func<CancellationToken, ValueTask> child = _ => { current!.Done(); return ValueTask.CompletedTask; };
        PerChild(0, (group, waves) => { current = waves; group.Start(child); });
    }

    [Fact]
    public void A_child_of_Start_that_suspends_costs_its_own_state_machine()
    {
        Waves? current = null;
        Func<CancellationToken, ValueTask> child = async _ => { await Task.Yield(); current!.Done(); };
        PerChild(104, (group, waves) => { current = waves; group.Start(child); });
    }

    [Fact]
    public void A_child_of_Run_costs_its_source_and_its_task()
    {
        Waves? current = null;
        Func<CancellationToken, ValueTask> child = _ => { current!.Done(); return ValueTask.CompletedTask; };
        PerChild(104, (group, waves) => { current = waves; group.Run(child); });
    }

    [Fact]
    public void A_child_of_Run_that_suspends_adds_its_own_state_machine()
    {
        Waves? current = null;
        Func<CancellationToken, ValueTask> child = async _ => { await Task.Yield(); current!.Done(); };
        PerChild(208, (group, waves) => { current = waves; group.Run(child); });
    }

    [Fact]
    public void A_state_argument_costs_its_carrier_and_no_closure() =>
        PerChild(32, (group, waves) => group.Start(waves, static (waves, _) => { waves.Done(); return ValueTask.CompletedTask; }));

    [Fact]
    public void An_empty_group_costs_its_own_parts() =>
        PerGroup(512, static () => TaskGroup.RunAsync(static _ => ValueTask.CompletedTask));

    [Fact]
    public void A_callers_token_adds_nothing_to_a_group()
    {
        using var caller = new CancellationTokenSource();
        CancellationToken token = caller.Token;
        PerGroup(512, () => TaskGroup.RunAsync(static _ => ValueTask.CompletedTask, token));
    }

    [Fact]
    public async Task Without_a_time_limit_there_is_no_timer()
    {
        var clock = new CountingClock();
        await TaskGroup.RunAsync(
            new TaskGroupOptions { TimeProvider = clock },
            async group =>
            {
                group.Start(static async _ => await Task.Yield());
                await group.Run(static async _ => { await Task.Yield(); return 1; });
                group.Cancel();
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(0, clock.Timers);

        await TaskGroup.RunAsync(
            new TaskGroupOptions { TimeProvider = clock, Timeout = TimeSpan.FromHours(1) },
            static _ => ValueTask.CompletedTask,
            TestContext.Current.CancellationToken);
        Assert.Equal(1, clock.Timers);
    }

    private void PerGroup(long most, Func<Task> run)
    {
        Measure(run, Groups);
        long bytes = Measure(run, Groups) / Groups;

        output.WriteLine($"{bytes} bytes for each group");
        Assert.InRange(bytes, 0, most);

        static long Measure(Func<Task> run, int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < count; i++)
            {
                // Ended already: nothing of it has left this thread.
                run().GetAwaiter().GetResult();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private void PerChild(long most, Action<TaskGroup, Waves> start)
    {
        using var waves = new Waves(WaveSize);
        TaskGroup group = TaskGroup.Open(cancellationToken: TestContext.Current.CancellationToken);
        Action<Waves> startChild = waves => start(group, waves);

        // The group is never idle, in which it would forget where its last child came from: how often it is depends on who is first on a busy machine.
        var over = new TaskCompletionSource();
        group.Start(_ => over.Task);
        waves.Run(Count, startChild);

        // Of the whole process, since children run on the pool: the least of some runs is what the children cost.
        double least = double.MaxValue;
        for (int run = 0; run < 3; run++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            waves.Run(Count, startChild);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Count * WaveSize));
        }

        over.SetResult();
        group.JoinAsync().GetAwaiter().GetResult();
        output.WriteLine($"{least:F2} bytes for each child");
        Assert.InRange(least, 0, most + 0.1);
    }

    private sealed class CountingClock : TimeProvider
    {
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
