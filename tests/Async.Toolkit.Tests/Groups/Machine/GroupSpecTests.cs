using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Groups.Machine;

/// <summary>The contract, proved of the machine: every state that a small group can reach, and every step out of each.</summary>
public sealed class GroupSpecTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(FailurePolicy.CancelSiblings, 1, false, true, 4133, 19_775)]
    [InlineData(FailurePolicy.CancelSiblings, 1, true, true, 4609, 20_340)]
    [InlineData(FailurePolicy.CancelSiblings, 1, false, false, 4133, 18_813)]
    [InlineData(FailurePolicy.CancelSiblings, 1, true, false, 4609, 19_410)]
    [InlineData(FailurePolicy.CancelSiblings, 2, false, true, 8546, 53_181)]
    [InlineData(FailurePolicy.CancelSiblings, 2, true, true, 9784, 58_070)]
    [InlineData(FailurePolicy.CancelSiblings, 2, false, false, 8546, 49_379)]
    [InlineData(FailurePolicy.CancelSiblings, 2, true, false, 9784, 53_866)]
    [InlineData(FailurePolicy.WaitForAll, 1, false, true, 3484, 17_772)]
    [InlineData(FailurePolicy.WaitForAll, 1, true, true, 4409, 21_652)]
    [InlineData(FailurePolicy.WaitForAll, 1, false, false, 3484, 16_774)]
    [InlineData(FailurePolicy.WaitForAll, 1, true, false, 4409, 20_400)]
    [InlineData(FailurePolicy.WaitForAll, 2, false, true, 6836, 43_436)]
    [InlineData(FailurePolicy.WaitForAll, 2, true, true, 8633, 53_250)]
    [InlineData(FailurePolicy.WaitForAll, 2, false, false, 6836, 40_190)]
    [InlineData(FailurePolicy.WaitForAll, 2, true, false, 8633, 49_168)]
    [InlineData(FailurePolicy.Isolate, 1, false, true, 3772, 18_407)]
    [InlineData(FailurePolicy.Isolate, 1, true, true, 4248, 19_020)]
    [InlineData(FailurePolicy.Isolate, 1, false, false, 3625, 17_687)]
    [InlineData(FailurePolicy.Isolate, 1, true, false, 4048, 19_080)]
    [InlineData(FailurePolicy.Isolate, 2, false, true, 7570, 47_373)]
    [InlineData(FailurePolicy.Isolate, 2, true, true, 8697, 51_982)]
    [InlineData(FailurePolicy.Isolate, 2, false, false, 7005, 41_130)]
    [InlineData(FailurePolicy.Isolate, 2, true, false, 7816, 44_576)]
    public void Every_requirement_holds_in_every_reachable_state(FailurePolicy policy, int limit, bool opened, bool seen, int states, int transitions)
    {
        var group = new GroupSetting(policy, limit, opened, seen);

        var report = GroupSpec.Of(group).Exhaustive(output.WriteLine);

        Assert.True(report.Closed);
        Assert.Equal(0, report.DeadlockStates);
        Assert.Empty(report.NeverFired);
        Assert.Empty(report.NeverTriggered);

        // A search that saw too little would hold every requirement too.
        Assert.Equal((states, transitions), (report.States, report.Transitions));
    }

    [Theory]
    [InlineData(FailurePolicy.CancelSiblings, 1, false, true)]
    [InlineData(FailurePolicy.CancelSiblings, 1, true, true)]
    [InlineData(FailurePolicy.CancelSiblings, 1, false, false)]
    [InlineData(FailurePolicy.CancelSiblings, 1, true, false)]
    [InlineData(FailurePolicy.CancelSiblings, 2, false, true)]
    [InlineData(FailurePolicy.CancelSiblings, 2, true, true)]
    [InlineData(FailurePolicy.CancelSiblings, 2, false, false)]
    [InlineData(FailurePolicy.CancelSiblings, 2, true, false)]
    [InlineData(FailurePolicy.WaitForAll, 1, false, true)]
    [InlineData(FailurePolicy.WaitForAll, 1, true, true)]
    [InlineData(FailurePolicy.WaitForAll, 1, false, false)]
    [InlineData(FailurePolicy.WaitForAll, 1, true, false)]
    [InlineData(FailurePolicy.WaitForAll, 2, false, true)]
    [InlineData(FailurePolicy.WaitForAll, 2, true, true)]
    [InlineData(FailurePolicy.WaitForAll, 2, false, false)]
    [InlineData(FailurePolicy.WaitForAll, 2, true, false)]
    [InlineData(FailurePolicy.Isolate, 1, false, true)]
    [InlineData(FailurePolicy.Isolate, 1, true, true)]
    [InlineData(FailurePolicy.Isolate, 1, false, false)]
    [InlineData(FailurePolicy.Isolate, 1, true, false)]
    [InlineData(FailurePolicy.Isolate, 2, false, true)]
    [InlineData(FailurePolicy.Isolate, 2, true, true)]
    [InlineData(FailurePolicy.Isolate, 2, false, false)]
    [InlineData(FailurePolicy.Isolate, 2, true, false)]
    public void Every_planted_fault_is_caught_by_the_requirement_meant_for_it(FailurePolicy policy, int limit, bool opened, bool seen)
    {
        var group = new GroupSetting(policy, limit, opened, seen);
        var spec = GroupSpec.Of(group);
        var expected = spec.PlantFaults(group);

        var report = spec.Faults(output.WriteLine);

        Assert.Empty(report.Uncaught);
        Assert.Empty(report.Unexercised);
        Assert.Equal(expected, expected.Keys.ToDictionary(fault => fault, fault => report.CaughtBy(fault)!));
    }
}
