using Xunit;

namespace Async.Toolkit.Tests.Exact.Groups;

/// <summary>What a child takes while all of its siblings wait too, and nothing can be reused, against a bare <c>Task.Run</c> with the same body.</summary>
public sealed class SuspendedChildrenTests(ITestOutputHelper output)
{
    private const int Children = 100_000;
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private TaskCompletionSource _gate = new();
    private int _arrived;

    [Fact]
    public void A_suspended_child_of_Start_costs_little_more_than_a_bare_task() =>
        AtMost(1.15, child => TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                group.Start(child);
            }

            return ValueTask.CompletedTask;
        }));

    [Fact]
    public void A_suspended_child_of_Run_has_a_handle_more() =>
        AtMost(1.4, child => TaskGroup.RunAsync(group =>
        {
            for (int i = 0; i < Children; i++)
            {
                _ = group.Run(child);
            }

            return ValueTask.CompletedTask;
        }));

    private void AtMost(double most, Func<Func<CancellationToken, ValueTask>, Task> run)
    {
        Func<Task> bareBody = async () => await ArriveAsync();
        Func<CancellationToken, ValueTask> body = async _ => await ArriveAsync();

        double bare = 0, ours = 0;

        // The context of the test runner would cost each bare task an object more, and us none.
        var plain = new Thread(() =>
        {
            bare = BytesPerChild(() =>
            {
                var tasks = new Task[Children];
                for (int i = 0; i < tasks.Length; i++)
                {
                    tasks[i] = Task.Run(bareBody);
                }

                return Task.WhenAll(tasks);
            });
            ours = BytesPerChild(() => run(body));
        });
        plain.UnsafeStart();
        plain.Join();

        output.WriteLine($"{ours:F1} bytes against {bare:F1}: {ours / bare:F3}");
        Assert.InRange(ours / bare, 0.1, most);
    }

    // The least of some runs: how far the queues in between fill up differs from run to run, for both sides.
    private double BytesPerChild(Func<Task> run)
    {
        double least = double.MaxValue;
        for (int i = 0; i < 6; i++)
        {
            _arrived = 0;
            _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run().WaitAsync(Guard).GetAwaiter().GetResult();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Children);
        }

        return least;
    }

    // The last to arrive opens the gate: by then all the others wait behind it.
    private Task ArriveAsync()
    {
        TaskCompletionSource gate = _gate;
        if (Interlocked.Increment(ref _arrived) == Children)
        {
            gate.SetResult();
        }

        return gate.Task;
    }
}
