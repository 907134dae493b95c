using System.Text;
using System.Threading.Channels;

namespace Async.Toolkit.Testing.Tests;

/// <summary>Loops of several kinds, whose periods meet in many instants, and which hop through the pool between their steps.</summary>
internal static class TimedProgram
{
    public const int Loops = 50;
    public const int Steps = 20;

    /// <summary>Runs the program on virtual time and gives its trace: a line for each step, in the order in which they were taken.</summary>
    public static Task<string> RunAsync(CancellationToken cancellationToken = default) => VirtualTime.RunAsync(async time =>
    {
        var trace = new StringBuilder();

        // Begun one after the other: a timer's place among those of its instant is its creation's.
        var loops = new List<Task>();
        for (int number = 0; number < Loops; number++)
        {
            loops.Add(LoopAsync(time, number, trace, cancellationToken));
            await time.SettleAsync();
        }

        await Task.WhenAll(loops);
        return trace.ToString();
    }, cancellationToken);

    private static async Task LoopAsync(VirtualTime time, int number, StringBuilder trace, CancellationToken cancellationToken)
    {
        TimeSpan span = TimeSpan.FromSeconds(1 + number % 7);
        for (int step = 0; step < Steps; step++)
        {
            await WaitAsync(time, number % 4, span, cancellationToken);
            await Task.Yield();
            trace.Append(time.Elapsed).Append(' ').Append(number).Append('.').Append(step).Append('\n');
        }
    }

    private static async Task WaitAsync(VirtualTime time, int kind, TimeSpan span, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case 0:
                await time.Delay(span, cancellationToken);
                break;
            case 1:
                using (var timer = new PeriodicTimer(span, time.Provider))
                {
                    await timer.WaitForNextTickAsync(cancellationToken);
                }

                break;
            case 2:
                using (var limit = new CancellationTokenSource(span, time.Provider))
                {
                    try
                    {
                        await Channel.CreateUnbounded<int>().Reader.ReadAsync(limit.Token);
                    }
                    catch (OperationCanceledException) when (limit.IsCancellationRequested)
                    {
                        // What it waited for.
                    }
                }

                break;
            default:
                await Task.Run(() => time.Delay(span, cancellationToken), cancellationToken);
                break;
        }
    }
}
