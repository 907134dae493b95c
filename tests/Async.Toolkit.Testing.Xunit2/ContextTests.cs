using Async.Toolkit.Testing.Tests;
using Xunit;

namespace Async.Toolkit.Testing.Xunit2;

/// <summary>Several classes of the same tests, so that the engine runs some of them at once.</summary>
public abstract class ContextTests
{
    [Fact]
    public async Task A_run_from_within_the_context_takes_its_course()
    {
        Assert.NotNull(SynchronizationContext.Current);
        Assert.Null(await VirtualTime.RunAsync(_ => Task.FromResult(SynchronizationContext.Current)));

        string trace = await TimedProgram.RunAsync();
        Assert.Equal(trace, await TimedProgram.RunAsync());
        Assert.Equal(TimedProgram.Loops * TimedProgram.Steps, trace.Count('\n'));
    }

    [Fact]
    public async Task A_run_beside_eight_others_leaves_the_trace_that_it_leaves_alone()
    {
        string alone = await TimedProgram.RunAsync();
        string[] together = await Task.WhenAll(Enumerable.Range(0, 9).Select(static _ => TimedProgram.RunAsync()));
        Assert.All(together, trace => Assert.Equal(alone, trace));
    }

    [Fact]
    public async Task A_body_that_waits_for_ever_is_told_so() =>
        await Assert.ThrowsAsync<VirtualTimeDeadlockException>(() => VirtualTime.RunAsync(async time =>
        {
            await time.Delay(TimeSpan.FromHours(1));
            await new TaskCompletionSource().Task;
        }));
}

public sealed class FirstContextTests : ContextTests;

public sealed class SecondContextTests : ContextTests;

public sealed class ThirdContextTests : ContextTests;
