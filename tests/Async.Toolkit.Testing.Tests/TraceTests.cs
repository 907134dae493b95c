using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>One program takes one course, however often it runs and whatever else runs.</summary>
public sealed class TraceTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_runs_of_fifty_interleaved_timers_leave_one_trace()
    {
        string first = await TimedProgram.RunAsync(TestToken);
        Assert.Equal(TimedProgram.Loops * TimedProgram.Steps, first.Count('\n'));
        for (int run = 1; run < 200; run++)
        {
            Assert.Equal(first, await TimedProgram.RunAsync(TestToken));
        }
    }

    [Fact]
    public async Task A_run_beside_eight_others_leaves_the_trace_that_it_leaves_alone()
    {
        string alone = await TimedProgram.RunAsync(TestToken);
        string[] together = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => TimedProgram.RunAsync(TestToken))).WaitAsync(Guard, TestToken);
        Assert.All(together, trace => Assert.Equal(alone, trace));
    }

    [Fact]
    public async Task Runs_that_begin_and_end_beside_others_leave_the_same_trace()
    {
        string alone = await TimedProgram.RunAsync(TestToken);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async lane =>
        {
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(alone, await TimedProgram.RunAsync(TestToken));
                Assert.Equal(lane, await VirtualTime.RunAsync(_ => Task.FromResult(lane), TestToken));
            }
        })).WaitAsync(Guard, TestToken);
    }

    [Fact]
    public async Task A_run_beside_other_work_of_the_pool_leaves_the_same_trace()
    {
        string alone = await TimedProgram.RunAsync(TestToken);
        using var stop = new CancellationTokenSource();
        Task noise = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await Task.WhenAll(Enumerable.Range(0, 3).Select(static _ => Task.Run(static () => Thread.SpinWait(500))));
                    await Task.Delay(1, CancellationToken.None); // in real time: now and then the pool rests
                }
            },
            TestToken);

        string beside = await TimedProgram.RunAsync(TestToken);
        await stop.CancelAsync();
        await noise.WaitAsync(Guard, TestToken);
        Assert.Equal(alone, beside);
    }
}
