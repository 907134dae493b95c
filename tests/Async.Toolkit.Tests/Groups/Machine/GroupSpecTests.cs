using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Groups.Machine;

/// <summary>The contract, proved of the machine: every state that a small group can reach, and every step out of each.</summary>
public sealed class GroupSpecTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(FailurePolicy.CancelSiblings, 1, false, true, 5023, 22_914)]
    [InlineData(FailurePolicy.CancelSiblings, 1, true, true, 5499, 23_201)]
    [InlineData(FailurePolicy.CancelSiblings, 1, false, false, 5023, 21_952)]
    [InlineData(FailurePolicy.CancelSiblings, 1, true, false, 5499, 22_271)]
    [InlineData(FailurePolicy.CancelSiblings, 2, false, true, 11_437, 69_865)]
    [InlineData(FailurePolicy.CancelSiblings, 2, true, true, 13_084, 75_840)]
    [InlineData(FailurePolicy.CancelSiblings, 2, false, false, 11_437, 65_339)]
    [InlineData(FailurePolicy.CancelSiblings, 2, true, false, 13_084, 70_936)]
    [InlineData(FailurePolicy.WaitForAll, 1, false, true, 4378, 21_180)]
    [InlineData(FailurePolicy.WaitForAll, 1, true, true, 5541, 25_770)]
    [InlineData(FailurePolicy.WaitForAll, 1, false, false, 4378, 20_182)]
    [InlineData(FailurePolicy.WaitForAll, 1, true, false, 5541, 24_518)]
    [InlineData(FailurePolicy.WaitForAll, 2, false, true, 9280, 58_318)]
    [InlineData(FailurePolicy.WaitForAll, 2, true, true, 11_703, 71_362)]
    [InlineData(FailurePolicy.WaitForAll, 2, false, false, 9280, 54_318)]
    [InlineData(FailurePolicy.WaitForAll, 2, true, false, 11_703, 66_336)]
    [InlineData(FailurePolicy.Isolate, 1, false, true, 4662, 21_546)]
    [InlineData(FailurePolicy.Isolate, 1, true, true, 5138, 21_881)]
    [InlineData(FailurePolicy.Isolate, 1, false, false, 4638, 21_522)]
    [InlineData(FailurePolicy.Isolate, 1, true, false, 5180, 23_198)]
    [InlineData(FailurePolicy.Isolate, 2, false, true, 10_461, 64_057)]
    [InlineData(FailurePolicy.Isolate, 2, true, true, 11_997, 69_752)]
    [InlineData(FailurePolicy.Isolate, 2, false, false, 9762, 57_010)]
    [InlineData(FailurePolicy.Isolate, 2, true, false, 10_886, 61_744)]
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
