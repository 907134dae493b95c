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
    [InlineData("Snapshot", "")]
    [InlineData("Snapshot", null)]
    [InlineData("MaxNodes", "-1")]
    [InlineData("MaxNodes", "7;")]
    [InlineData("MaxNodes", "99999999999")]
    [InlineData("", "")]
    [InlineData("Forest", "1\u001b[31m\n2")]
    public void What_is_not_there_is_refused_by_name_and_value(string name, string? value)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => SnapshotRequest.Read(new Dictionary<string, string?> { [name] = value }));
        Assert.StartsWith($"{name}={value?.Split('\u001b')[0]}".TrimEnd(), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    [Fact]
    public void A_limit_of_nothing_is_refused() =>
        Assert.Contains("Snapshot=tree", Assert.Throws<ArgumentException>(static () => SnapshotRequest.Read(new Dictionary<string, string?> { ["MaxNodes"] = "7" })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_capture_without_room_for_a_node_is_refused(int maxNodes)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(nameof(maxNodes), () => TaskTree.Capture(maxNodes));
        Assert.Equal(maxNodes, refused.ActualValue);
    }
}
