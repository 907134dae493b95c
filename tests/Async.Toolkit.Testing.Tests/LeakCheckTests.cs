using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Testing.Tests;

/// <summary>The check of the whole process; alone in it, since it sees what other tests do.</summary>
[Collection(nameof(LeakCheckTests))]
[CollectionDefinition(nameof(LeakCheckTests), DisableParallelization = true)]
public sealed class LeakCheckTests
{
    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_fails_while_a_group_runs_and_names_it()
    {
        LeakCheck.AssertNothingRuns();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = TaskGroup.RunAsync(new TaskGroupOptions { Name = "still there" }, async group => await group.Run(_ => end.Task), TestToken);
        Assert.Contains("group 'still there'", Assert.Throws<LeakException>(LeakCheck.AssertNothingRuns).Message, StringComparison.Ordinal);
        end.SetResult();
        await run;
        LeakCheck.AssertNothingRuns();
    }

    [Fact]
    public async Task A_run_on_virtual_time_is_nothing_that_it_minds_and_leaves_nothing_in_the_tree()
    {
        await VirtualTime.RunAsync(new VirtualTimeOptions { CheckForLeaks = true }, async time =>
        {
            await time.Delay(TimeSpan.FromHours(1));
            LeakCheck.AssertNothingRuns();
            Assert.NotEmpty(TaskTree.Capture().Nodes);
        }, TestToken);
        LeakCheck.AssertNothingRuns();
        Assert.True(SpinWait.SpinUntil(static () => TaskTree.Capture().Total == 0, TimeSpan.FromSeconds(30)));
    }
}
