using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>What somebody outside may ask for.</summary>
public sealed class SnapshotRequestTests
{
    [Fact]
    public void Nothing_asked_for_is_no_request()
    {
        Assert.Null(SnapshotRequest.Read(null));
        Assert.Null(SnapshotRequest.Read(new Dictionary<string, string?>()));
        Assert.Null(SnapshotRequest.Read(new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "1" }));
    }

    [Fact]
    public void Names_and_values_are_read_whatever_their_case() =>
        Assert.Equal(new SnapshotRequest(7), SnapshotRequest.Read(new Dictionary<string, string?> { ["snapshot"] = "TREE", ["maxnodes"] = "7" }));

    [Fact]
    public void Without_a_limit_there_is_that_of_a_capture() =>
        Assert.Equal(new SnapshotRequest(SnapshotRequest.DefaultMaxNodes), SnapshotRequest.Read(new Dictionary<string, string?> { ["Snapshot"] = "tree" }));

    [Theory]
    [InlineData("Snapshot", "", "Snapshot=: it must be tree.")]
    [InlineData("Snapshot", null, "Snapshot=: it must be tree.")]
    [InlineData("Snapshot", "forest", "Snapshot=forest: it must be tree.")]
    [InlineData("MaxNodes", "-1", "MaxNodes=-1: it must be a number from 1 to 2147483647.")]
    [InlineData("MaxNodes", "0", "MaxNodes=0: it must be a number from 1 to 2147483647.")]
    [InlineData("MaxNodes", "7;", "MaxNodes=7;: it must be a number from 1 to 2147483647.")]
    [InlineData("MaxNodes", "99999999999", "MaxNodes=99999999999: it must be a number from 1 to 2147483647.")]
    [InlineData("MaxNodes", "7", "MaxNodes=7: it goes with Snapshot=tree.")]
    [InlineData("", "", "=: the arguments are Snapshot and MaxNodes.")]
    [InlineData("Forest", "1\u001b[31m\n2", @"Forest=1\u001b[31m\n2: the arguments are Snapshot and MaxNodes.")]
    public void What_is_not_there_is_refused_by_name_and_value(string name, string? value, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => SnapshotRequest.Read(new Dictionary<string, string?> { [name] = value })).Message);

    [Fact]
    public void The_smallest_limit_is_one_node() =>
        Assert.Equal(new SnapshotRequest(1), SnapshotRequest.Read(new Dictionary<string, string?> { ["Snapshot"] = "tree", ["MaxNodes"] = "1" }));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_capture_without_room_for_a_node_is_refused(int maxNodes)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(nameof(maxNodes), () => TaskTree.Capture(maxNodes));
        Assert.Equal(maxNodes, refused.ActualValue);
    }
}
