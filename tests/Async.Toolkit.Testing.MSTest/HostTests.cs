using Async.Toolkit.Testing.Tests;
using Microsoft.VisualStudio.TestTools.UnitTesting;

[assembly: Parallelize(Scope = ExecutionScope.MethodLevel)]

namespace Async.Toolkit.Testing.MSTest;

/// <summary>Several tests at once, under a host and a framework that hold threads of the pool for good.</summary>
[TestClass]
public sealed class HostTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task A_run_takes_its_course(int _)
    {
        string trace = await TimedProgram.RunAsync();
        Assert.AreEqual(trace, await TimedProgram.RunAsync());
        Assert.AreEqual(TimedProgram.Loops * TimedProgram.Steps, trace.Count('\n'));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
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
        Assert.AreEqual(before, time.Elapsed);
    });

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public Task A_body_that_waits_for_ever_is_told_so(int _) =>
        Assert.ThrowsExactlyAsync<VirtualTimeDeadlockException>(() => VirtualTime.RunAsync(async time =>
        {
            await time.Delay(TimeSpan.FromHours(1));
            await new TaskCompletionSource().Task;
        }));
}
