using Async.Toolkit.Testing.Tests;
using NUnit.Framework;

[assembly: Parallelizable(ParallelScope.All)]

namespace Async.Toolkit.Testing.NUnit;

/// <summary>Several tests at once, under a host and a framework that hold threads of the pool for good.</summary>
public sealed class HostTests
{
    [TestCase(1)]
    [TestCase(2)]
    public async Task A_run_takes_its_course(int _)
    {
        string trace = await TimedProgram.RunAsync();
        Assert.That(await TimedProgram.RunAsync(), Is.EqualTo(trace));
        Assert.That(trace.Count('\n'), Is.EqualTo(TimedProgram.Loops * TimedProgram.Steps));
    }

    [TestCase(1)]
    [TestCase(2)]
    public Task The_clock_stands_still_while_an_item_computes(int _) => VirtualTime.RunAsync(async time =>
    {
        var tick = TimeSpan.FromTicks(1);
        using ITimer eager = time.Provider.CreateTimer(static _ => { }, null, tick, tick);
        TimeSpan before = time.Elapsed;
        await Task.Run(static () =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                Thread.SpinWait(100);
                Thread.Yield();
            }
        });
        Assert.That(time.Elapsed, Is.EqualTo(before));
    });

    [TestCase(1)]
    [TestCase(2)]
    public Task A_body_that_waits_for_ever_is_told_so(int _) => Assert.ThatAsync(
        static () => VirtualTime.RunAsync(async time =>
        {
            await time.Delay(TimeSpan.FromHours(1));
            await new TaskCompletionSource().Task;
        }),
        Throws.TypeOf<VirtualTimeDeadlockException>());
}
