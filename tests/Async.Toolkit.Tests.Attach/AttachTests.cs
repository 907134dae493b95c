using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Async.Toolkit.Tests.Attach;

/// <summary>Another process asks a running one for its task tree.</summary>
public sealed class AttachTests(ITestOutputHelper output)
{
    private const int Children = 10_000;

    private static readonly (string, string) Snapshot = ("Snapshot", "tree");

    [Theory]
    [InlineData("free")]
    [InlineData("blocked")]
    public async Task All_children_arrive_twenty_times_out_of_twenty(string pool)
    {
        using Target target = await Target.StartAsync(Children, "on", pool);
        for (int time = 0; time < 20; time++)
        {
            var clock = Stopwatch.StartNew();
            ReadTree tree = await target.ReadAsync(Snapshot);
            output.WriteLine($"{clock.ElapsedMilliseconds} ms, {tree.Nodes.Count} nodes in {tree.Batches.Count} batches");
            AssertWhole(tree, Children + 2);
            Assert.Equal(Children, tree.Nodes.Count(static node => Text(node, "kind") == "child"));
            Assert.Equal(Children, tree.Nodes.Where(static node => Text(node, "kind") == "child").Select(static node => Text(node, "id")).Distinct().Count());
        }
    }

    [Fact]
    public async Task Where_the_tree_is_off_every_group_comes_with_its_count_and_under_its_parent()
    {
        using Target target = await Target.StartAsync(Children, "off", "free");
        ReadTree tree = await target.ReadAsync(Snapshot);

        AssertWhole(tree, Children + 2);
        JsonElement crowd = Assert.Single(tree.Nodes, static node => Text(node, "name") == "crowd");
        JsonElement second = Assert.Single(tree.Nodes, static node => Text(node, "name") == "second");
        Assert.Equal(Children, crowd.GetProperty("running").GetInt32());
        Assert.Equal(Text(crowd, "id"), Text(second, "parent"));
        Assert.All(tree.Nodes.Where(static node => Text(node, "kind") == "child"), static node => Assert.False(node.TryGetProperty("id", out _)));
    }

    [Fact]
    public async Task Children_that_get_no_thread_are_there_and_say_so()
    {
        using Target target = await Target.StartAsync(Children, "on", "starved");
        ReadTree tree = await target.ReadAsync(Snapshot);

        AssertWhole(tree, Children + 2);
        Assert.Equal(Children, tree.Nodes.Count(static node => Text(node, "state") == "waitingForThread"));
    }

    [Fact]
    public async Task The_switch_turns_the_tree_on_for_the_whole_life_of_the_program()
    {
        using Target target = await Target.StartAsync(1, "switch", "free");
        ReadTree tree = await target.ReadAsync(Snapshot);

        AssertWhole(tree, 3);
        Assert.NotNull(Text(Assert.Single(tree.Nodes, static node => Text(node, "kind") == "child"), "id"));
    }

    [Fact]
    public async Task The_reader_of_the_documentation_reads_every_node()
    {
        using Target target = await Target.StartAsync(100, "off", "free");
        List<JsonElement> nodes = await Task.Run(() => AttachSnippets.ReadTree(target.Id), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(102, nodes.Count);
    }

    [Fact]
    public async Task The_reader_of_the_documentation_keeps_to_one_snapshot_where_several_ask_at_once()
    {
        using Target target = await Target.StartAsync(1000, "off", "free");
        Task<int>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => Enumerable.Range(0, 5).Count(_ => AttachSnippets.ReadTree(target.Id).Count == 1002),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        int[] whole = await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal([5, 5, 5, 5], whole);
    }

    [Fact]
    public async Task A_limit_leaves_out_children_and_says_how_many()
    {
        using Target target = await Target.StartAsync(100, "on", "free");
        ReadTree tree = await target.ReadAsync(Snapshot, ("MaxNodes", "10"));

        AssertWhole(tree, 10);
        Assert.Equal(92, tree.LeftOut);
        Assert.Contains(tree.Nodes, static node => Text(node, "name") == "second");
    }

    [Theory]
    [InlineData("Snapshot", "forest", "Snapshot=forest")]
    [InlineData("MaxNodes", "0", "MaxNodes=0")]
    [InlineData("MaxNodes", "many", "MaxNodes=many")]
    [InlineData("Snapshots", "tree", "Snapshots=tree")]
    public async Task A_wrong_argument_is_refused_in_words_and_has_no_effect(string name, string value, string named)
    {
        using Target target = await Target.StartAsync(1, "off", "free");
        (string, string)[] arguments = name == "Snapshot" ? [(name, value)] : [Snapshot, (name, value)];
        ReadTree refused = await target.ReadAsync(arguments);

        Assert.Contains(named, Assert.Single(refused.Refusals), StringComparison.Ordinal);
        Assert.Empty(refused.Nodes);
        Assert.False(refused.IsComplete);

        // It goes on working, and is asked properly.
        AssertWhole(await target.ReadAsync(Snapshot), 3);
    }

    private static void AssertWhole(ReadTree tree, int nodes)
    {
        Assert.True(tree.IsComplete);
        Assert.Empty(tree.Refusals);
        Assert.Equal(nodes, tree.Announced);
        Assert.Equal(nodes, tree.Nodes.Count);
        Assert.Equal(Enumerable.Range(0, tree.Batches.Count), tree.Batches);
    }

    private static string? Text(JsonElement node, string property) => node.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;
}
