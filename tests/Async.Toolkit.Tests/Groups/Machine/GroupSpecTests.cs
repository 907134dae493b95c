using CsCheck;
using Xunit;

namespace Async.Toolkit.Tests.Groups.Machine;

/// <summary>The contract, proved of the machine: every state that a small group can reach, and every step out of each.</summary>
public sealed class GroupSpecTests(ITestOutputHelper output)
{
    public static TheoryData<FailurePolicy, int, bool, bool> Settings
    {
        get
        {
            var settings = new TheoryData<FailurePolicy, int, bool, bool>();
            foreach (FailurePolicy policy in Enum.GetValues<FailurePolicy>())
            {
                foreach (int limit in (int[])[1, 2])
                {
                    settings.Add(policy, limit, false, true);
                    settings.Add(policy, limit, true, true);
                    settings.Add(policy, limit, false, false);
                    settings.Add(policy, limit, true, false);
                }
            }

            return settings;
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_requirement_holds_in_every_reachable_state(FailurePolicy policy, int limit, bool opened, bool seen)
    {
        var group = new GroupSetting(policy, limit, opened, seen);

        var report = GroupSpec.Of(group).Exhaustive(output.WriteLine);

        Assert.True(report.Closed);
        Assert.Equal(0, report.DeadlockStates);
        Assert.Empty(report.NeverFired);
        Assert.Empty(report.NeverTriggered);
        output.WriteLine($"{report.States} {report.Transitions}");
    }

    [Theory]
    [MemberData(nameof(Settings))]
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
