using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Groups.Machine;

/// <summary>The real group, driven along every transition of the proved model.</summary>
public sealed class GroupConformanceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(FailurePolicy.CancelSiblings, 1, false, true, true, 1729, 7546)]
    [InlineData(FailurePolicy.CancelSiblings, 1, true, true, false, 1896, 6710)]
    [InlineData(FailurePolicy.CancelSiblings, 2, true, false, true, 2926, 13_814)]
    [InlineData(FailurePolicy.CancelSiblings, 2, false, false, false, 2619, 12_196)]
    [InlineData(FailurePolicy.WaitForAll, 1, false, true, true, 1506, 7432)]
    [InlineData(FailurePolicy.WaitForAll, 1, true, true, false, 1867, 7746)]
    [InlineData(FailurePolicy.WaitForAll, 2, true, false, true, 2679, 13_638)]
    [InlineData(FailurePolicy.WaitForAll, 2, false, false, false, 2172, 10_660)]
    [InlineData(FailurePolicy.Isolate, 1, false, true, true, 1584, 7202)]
    [InlineData(FailurePolicy.Isolate, 1, true, true, false, 1751, 6390)]
    [InlineData(FailurePolicy.Isolate, 2, true, false, true, 2446, 12_646)]
    [InlineData(FailurePolicy.Isolate, 2, false, false, false, 2216, 10_831)]
    public void A_real_group_takes_every_transition_of_the_model(FailurePolicy policy, int limit, bool opened, bool seen, bool inline, int states, int transitions)
    {
        var group = new GroupSetting(policy, limit, opened, seen) { Coarse = true, OwnTokens = inline };
        GroupDriver? last = null;
        TimeoutException? hung = null;

        // One thread: each instance is left where its walk ends, and only the next one's creation says so.
        var report = GroupSpec.Of(group).ConformExhaustive(Next, (driver, step) => driver.Apply(step), output.WriteLine, threads: 1);
        last?.Dispose();

        Assert.True(report.Closed);
        Assert.Equal(0, report.DeadlockStates);
        Assert.Empty(report.NeverFired);
        Assert.Equal((states, transitions), (report.ConformedStates, report.ConformedTransitions));

        GroupDriver Next()
        {
            // Each walk that comes would wait as long for the same hanging group.
            if (hung is not null)
            {
                throw hung;
            }

            try
            {
                last?.Dispose();
            }
            catch (TimeoutException stuck)
            {
                hung = stuck;
                throw;
            }

            return last = new GroupDriver(group, inline);
        }
    }
}
