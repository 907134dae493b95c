using System.Text;
using System.Threading.Channels;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>One program takes one course, however often it runs and whatever else runs.</summary>
public sealed class TraceTests
{
    private const int Runs = 200;
    private const int Loops = 50;

    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_runs_of_fifty_interleaved_timers_leave_one_trace()
    {
        string first = await RunProgram(TestToken);
        Assert.Equal(Loops * 20 + 1, first.Split('\n').Length);
        for (int run = 1; run < Runs; run++)
        {
            Assert.Equal(first, await RunProgram(TestToken));
        }
    }

    [Fact]
    public async Task Eight_runs_at_once_leave_the_trace_that_each_leaves_alone()
    {
        string alone = await RunProgram(TestToken);
        string[] together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RunProgram(TestToken))).WaitAsync(Guard, TestToken);
        Assert.All(together, trace => Assert.Equal(alone, trace));
    }

    [Fact]
    public async Task Runs_that_begin_and_end_beside_others_leave_the_same_trace()
    {
        string alone = await RunProgram(TestToken);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async lane =>
        {
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(alone, await RunProgram(TestToken));
                Assert.Equal(lane, await VirtualTime.RunAsync(_ => Task.FromResult(lane), TestToken));
            }
        })).WaitAsync(Guard, TestToken);
    }

    [Fact]
    public async Task A_run_beside_other_work_of_the_pool_leaves_the_same_trace()
    {
        string alone = await RunProgram(TestToken);
        using var stop = new CancellationTokenSource();
        Task noise = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.WhenAll(Enumerable.Range(0, 3).Select(static _ => Task.Run(static () => Thread.SpinWait(500))));
                await Task.Delay(1, CancellationToken.None); // in real time: the pool has to rest now and then
            }
        }, TestToken);

        string beside = await RunProgram(TestToken);
        await stop.CancelAsync();
        await noise.WaitAsync(Guard, TestToken);
        Assert.Equal(alone, beside);
    }

    // Loops of several kinds, whose periods meet in many instants, and which hop through the pool between their steps.
    private static Task<string> RunProgram(CancellationToken cancellationToken) => VirtualTime.RunAsync(async time =>
    {
        var trace = new StringBuilder();
        void Note(string what) => trace.Append(time.Elapsed).Append(' ').Append(what).Append('\n');

        async Task Loop(int number)
        {
            TimeSpan step = TimeSpan.FromSeconds(1 + number % 7);
            for (int i = 0; i < 20; i++)
            {
                switch (number % 4)
                {
                    case 0:
                        await time.Delay(step, cancellationToken);
                        break;
                    case 1:
                        using (var timer = new PeriodicTimer(step, time.Provider))
                        {
                            await timer.WaitForNextTickAsync(cancellationToken);
                        }

                        break;
                    case 2:
                        using (var limit = new CancellationTokenSource(step, time.Provider))
                        {
                            Channel<int> nothing = Channel.CreateUnbounded<int>();
                            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => nothing.Reader.ReadAsync(limit.Token).AsTask());
                        }

                        break;
                    default:
                        await Task.Run(() => time.Delay(step, cancellationToken), cancellationToken);
                        break;
                }

                await Task.Yield();
                Note($"{number}.{i}");
            }
        }

        // Begun one after the other: a timer's place among those of its instant is its creation's.
        var loops = new List<Task>();
        for (int number = 0; number < Loops; number++)
        {
            loops.Add(Loop(number));
            await time.SettleAsync();
        }

        await Task.WhenAll(loops);
        return trace.ToString();
    }, cancellationToken);
}
