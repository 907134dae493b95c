using System.Runtime.ExceptionServices;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>What the task tree costs: nothing while it is off, and so many bytes for a child while it is on.</summary>
public sealed class TreeCostTests(ITestOutputHelper output)
{
    private const int WaveSize = 64;
    private const int Count = 500;
    // Its scope, and a context that carries it.
    private const int BytesOfAChild = 96;

    [Fact]
    public void A_child_that_does_not_suspend_costs_its_scope() =>
        Adds(BytesOfAChild, static (group, waves) => group.Start(waves, static (waves, _) => { waves.Done(); return ValueTask.CompletedTask; }));

    [Fact]
    public void A_child_that_suspends_costs_its_scope() =>
        Adds(BytesOfAChild, static (group, waves) => group.Start(waves, static async (waves, _) => { await Task.Yield(); waves.Done(); }));

    [Fact]
    public void A_child_of_Run_costs_its_scope() =>
        Adds(BytesOfAChild, static (group, waves) => group.Run(waves, static async (waves, _) => { await Task.Yield(); waves.Done(); }));

    [Fact]
    public void A_group_that_tracks_its_children_pays_the_same() => Bare(() =>
    {
        Action<TaskGroup, Waves> start = static (group, waves) => group.Start(waves, static (waves, _) => { waves.Done(); return ValueTask.CompletedTask; });
        double untracked = PerChild(new TaskGroupOptions(), start);
        double tracked = PerChild(new TaskGroupOptions { FollowChildren = true }, start);

        Assert.InRange(tracked - untracked, BytesOfAChild - 1, BytesOfAChild + 1);
    });

    [Fact]
    public void An_item_of_a_gather_costs_its_scope() => Bare(() =>
    {
        Func<Task> gather = static () => Gather.ForEachAsync(Enumerable.Range(0, 20_000), 8, static async (_, _) => await Task.Yield(), CancellationToken.None);
        double off = PerItem(gather, 20_000);
        using IDisposable on = TaskTree.Enable();
        double added = PerItem(gather, 20_000) - off;

        output.WriteLine($"{added:F2} bytes for each item");
        Assert.InRange(added, BytesOfAChild - 1, BytesOfAChild + 1);
    });

    [Fact]
    public void A_crowd_that_waits_weighs_what_it_did_before_there_was_a_tree() => Bare(() =>
    {
        // Every child has a node of its own here, its delegate to go on with, and its state machine: 338.7 bytes were measured then, and 8 less since the
        // nodes leave their group to the origin of the children.
        const int Crowd = 20_000;
        double each = PerItem(static () => CrowdAsync(Crowd), Crowd);

        output.WriteLine($"{each:F2} bytes for each child");
        Assert.InRange(each, 0, 331);
    });

    [Fact]
    public async Task Of_a_million_children_that_were_followed_nothing_stays()
    {
        const int Size = 1000;
        using IDisposable on = TaskTree.Enable();
        using var waves = new Waves(Size);
        TaskGroup group = TaskGroup.Open(cancellationToken: TestContext.Current.CancellationToken);
        Action<Waves> start = waves => group.Start(waves, static async (waves, _) => { await Task.Yield(); waves.Done(); });
        waves.Run(10, start);
        await Retained.NothingAsync(() => waves.Run(Retained.Million / Size, start), output);
        await group.JoinAsync();
    }

    private static async Task CrowdAsync(int count)
    {
        var release = new TaskCompletionSource();
        var here = new CountdownEvent(count);
        Task run = TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < count; i++)
            {
                group.Start((here, release), static async (crowd, _) =>
                {
                    crowd.here.Signal();
                    await crowd.release.Task;
                });
            }

            return ValueTask.CompletedTask;
        });
        here.Wait();
        release.SetResult();
        await run;
    }

    private static double PerItem(Func<Task> run, int count)
    {
        double least = double.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run().GetAwaiter().GetResult();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count);
        }

        return least;
    }

    private void Adds(double bytes, Action<TaskGroup, Waves> start) => Bare(() =>
    {
        double off = PerChild(new TaskGroupOptions(), start);
        using IDisposable on = TaskTree.Enable();
        double added = PerChild(new TaskGroupOptions(), start) - off;

        output.WriteLine($"{added:F2} bytes more than {off:F2}");
        Assert.InRange(added, bytes - 1, bytes + 1);
    });

    // Without the runner's own AsyncLocal, which every context would carry along.
    private static void Bare(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.UnsafeStart();
        thread.Join();
        failure?.Throw();
    }

    // Of the whole process, since children run on the pool: the least of some runs is what they cost.
    private static double PerChild(TaskGroupOptions options, Action<TaskGroup, Waves> start)
    {
        using var waves = new Waves(WaveSize);
        TaskGroup group = TaskGroup.Open(options);
        Action<Waves> startChild = waves => start(group, waves);
        waves.Run(Count, startChild);
        double least = double.MaxValue;
        for (int run = 0; run < 3; run++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            waves.Run(Count, startChild);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Count * WaveSize));
        }

        group.JoinAsync().GetAwaiter().GetResult();
        return least;
    }
}
