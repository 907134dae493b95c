using System.Diagnostics.Metrics;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Exact.Groups;

/// <summary>What a child costs, in bytes, while somebody listens to the meter: as little as without.</summary>
public sealed class ListenedAllocations(ITestOutputHelper output) : IDisposable
{
    private const int WaveSize = 64;
    private const int Count = 500;

    private readonly MeterListener _listener = Listen();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_child_of_Start_that_does_not_suspend_costs_nothing()
    {
        using var waves = new Waves(WaveSize);
        Func<CancellationToken, ValueTask> child = _ => { waves.Done(); return ValueTask.CompletedTask; };
        TaskGroup group = TaskGroup.Open(cancellationToken: TestContext.Current.CancellationToken);
        Action<Waves> start = _ => group.Start(child);
        waves.Run(Count, start);

        double least = double.MaxValue;
        for (int run = 0; run < 3; run++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            waves.Run(Count, start);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Count * WaveSize));
        }

        output.WriteLine($"{least:F2} bytes for each child");
        // Each wave ends with an idle group, which forgets where its last child came from: one object of 56 bytes for each wave.
        Assert.InRange(least, 0, (56.0 / WaveSize) + 0.1);
        await group.JoinAsync();
    }

    [Fact]
    public async Task An_item_of_a_gather_that_does_not_suspend_costs_nothing()
    {
        const int Items = 100_000;
        int[] items = new int[Items];
        Func<int, CancellationToken, ValueTask> action = static (_, _) => ValueTask.CompletedTask;
        long least = long.MaxValue;
        for (int run = 0; run < 4; run++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await Gather.ForEachAsync(items, 4, action, TestContext.Current.CancellationToken);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        output.WriteLine($"{least} bytes for {Items} items");
        Assert.InRange(least, 0, Items / 10);
    }

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == ToolkitDiagnostics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.Start();
        return listener;
    }
}
