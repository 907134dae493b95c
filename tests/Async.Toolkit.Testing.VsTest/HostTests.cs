using Async.Toolkit.Testing.Tests;
using Xunit;

namespace Async.Toolkit.Testing.VsTest;

/// <summary>Several classes of the same tests, so that some of them run at once, under a host that holds threads of the pool for good.</summary>
public abstract class HostTests
{
    [Fact]
    public async Task A_run_takes_its_course()
    {
        string trace = await TimedProgram.RunAsync();
        Assert.Equal(trace, await TimedProgram.RunAsync());
        Assert.Equal(TimedProgram.Loops * TimedProgram.Steps, trace.Count('\n'));
    }

    [Fact]
    public Task The_clock_stands_still_while_an_item_computes() => VirtualTime.RunAsync(async time =>
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
        Assert.Equal(before, time.Elapsed);
    });

    [Fact]
    public async Task A_body_that_waits_for_ever_is_told_so() =>
        await Assert.ThrowsAsync<VirtualTimeDeadlockException>(() => VirtualTime.RunAsync(async time =>
        {
            await time.Delay(TimeSpan.FromHours(1));
            await new TaskCompletionSource().Task;
        }));
}

public sealed class FirstHostTests : HostTests;

public sealed class SecondHostTests : HostTests;
