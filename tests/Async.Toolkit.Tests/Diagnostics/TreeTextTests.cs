using System.Text.Json;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>How a snapshot is cut, drawn and written, whatever has been captured.</summary>
public sealed class TreeTextTests
{
    [Fact]
    public void An_empty_tree_is_a_line_and_an_empty_array()
    {
        TaskTreeSnapshot tree = Tree();
        Assert.Equal("0 nodes\n", tree.ToString());
        Assert.Equal(0, Json(tree).GetProperty("nodes").GetArrayLength());
        Assert.Empty(TreeJson.Batches(tree.Nodes));
    }

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(59_940, "59.9 s")]
    [InlineData(60_000, "1 min 0 s")]
    [InlineData(3_599_000, "59 min 59 s")]
    [InlineData(3_600_000, "1 h 0 min")]
    [InlineData(86_400_000, "1 d 0 h")]
    [InlineData(90_000_000, "1 d 1 h")]
    public void An_age_is_told_in_units_that_fit(int milliseconds, string age)
    {
        LiveView group = View("work");
        group.Age = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal($"1 node\n└─ group 'work', {age}, 0 running\n", Tree(group).ToString());
    }

    [Fact]
    public void A_name_that_would_break_the_json_or_the_page_around_it_is_escaped()
    {
        LiveView group = View("\"<b>\\");
        group.Detail = "line\u2028end\n";
        string json = Tree(group).ToJson();

        Assert.DoesNotContain('<', json);
        Assert.DoesNotContain('\n', json);
        JsonElement node = JsonDocument.Parse(json).RootElement.GetProperty("nodes")[0];
        Assert.Equal("\"<b>\\", node.GetProperty("name").GetString());
        Assert.Equal("line\u2028end\n", node.GetProperty("detail").GetString());
    }

    [Fact]
    public void Json_says_what_there_is_to_say_and_leaves_out_the_rest()
    {
        LiveView semaphore = View("");
        (semaphore.Kind, semaphore.Id, semaphore.File, semaphore.Line, semaphore.Waiting, semaphore.WaiterIds) = (TaskTreeNodeKind.Semaphore, "3", "a.cs", 7, 2, ["1.2", "?"]);
        LiveView group = View("work");
        (group.Id, group.State, group.Reason, group.Age, group.Running, group.LeftOut, group.WaitsFor) =
            ("1", TaskTreeState.Canceling, CancellationReason.Timeout, TimeSpan.FromSeconds(1.5), 4, 3, "3");

        string json = Tree(group, semaphore).ToJson();
        Assert.Equal(
            """
            "nodes":[{"kind":"group","id":"1","name":"work","state":"canceling","reason":"timeout","ageMs":1500,"running":4,"leftOut":3,"waitsFor":"3"},{"kind":"semaphore","id":"3","file":"a.cs","line":7,"state":"running","waiting":2,"waiters":["1.2","?"]}]}
            """,
            json[json.IndexOf("\"nodes\"", StringComparison.Ordinal)..]);
        Assert.Equal(5, Json(Tree(group, semaphore)).GetProperty("total").GetInt32());
        Assert.Equal(3, Json(Tree(group, semaphore)).GetProperty("leftOut").GetInt32());
    }

    [Fact]
    public void Batches_hold_every_node_once_in_order_and_fit_into_an_event()
    {
        LiveView[] views = [.. Enumerable.Range(0, 5000).Select(static number => View($"{number} {new string('…', 70)}"))];
        TaskTreeSnapshot tree = Tree(views);
        (int Count, string Json)[] batches = [.. TreeJson.Batches(tree.Nodes)];

        Assert.True(batches.Length > 10);
        Assert.All(batches, static batch => Assert.InRange(batch.Json.Length, 1, 32_000));
        string?[] names = [.. batches.SelectMany(static batch => JsonDocument.Parse(batch.Json).RootElement.EnumerateArray()).Select(static node => node.GetProperty("name").GetString())];
        Assert.Equal(views.Select(static view => view.Name), names);
        Assert.Equal(names.Length, batches.Sum(static batch => batch.Count));
    }

    [Fact]
    public void A_tree_as_deep_as_memory_goes_is_drawn_written_and_cut_without_recursion()
    {
        const int Depth = 50_000;
        TaskTreeSnapshot tree = Tree(Chain(Depth));
        Assert.Equal(Depth, tree.Nodes.Count);
        string[] lines = tree.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Depth + 1, lines.Length);
        Assert.EndsWith($"(level {Depth - 1}) group 'work', 0 running", lines[^1], StringComparison.Ordinal);
        Assert.Equal(Depth, Json(tree).GetProperty("nodes").GetArrayLength());

        List<LiveView> roots = [Chain(Depth)];
        Assert.Equal(0, TreeCut.To(10, roots));
        var cut = new TaskTreeSnapshot(roots, 0);
        Assert.Equal((10, Depth - 10), (cut.Nodes.Count, cut.LeftOut));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(39)]
    [InlineData(40)]
    public void A_cut_tree_hangs_together_and_counts_what_it_lost(int most)
    {
        // Four groups, each with three groups of two: 40 nodes.
        List<LiveView> roots = [.. Enumerable.Range(0, 4).Select(static _ => With(3, static () => With(2, static () => View("leaf"))))];
        int atTop = TreeCut.To(most, roots);
        var tree = new TaskTreeSnapshot(roots, atTop);

        Assert.Equal((most, 40), (tree.Nodes.Count, tree.Total));
        Assert.Equal(most, Count(tree.Roots));

        static int Count(IReadOnlyList<TaskTreeNode> nodes) => nodes.Sum(static node => 1 + Count(node.Children));
    }

    [Theory]
    [InlineData(1, 1, 0, false)]
    [InlineData(2, 1, 0, true)]
    [InlineData(3, 2, 1, false)]
    [InlineData(10, 5, 4, true)]
    [InlineData(12, 6, 5, true)]
    [InlineData(62, 21, 20, true)]
    public void Groups_have_room_first_each_together_with_the_child_that_it_was_opened_in(int most, int groups, int openers, bool isSemaphoreThere)
    {
        // A group of twenty children, each of which opened a group with a child of its own, and a semaphore.
        LiveView top = With(20, static () => Child(With(1, static () => Child())));
        LiveView semaphore = View("");
        semaphore.Kind = TaskTreeNodeKind.Semaphore;
        List<LiveView> roots = [top, semaphore];
        int atTop = TreeCut.To(most, roots);
        var tree = new TaskTreeSnapshot(roots, atTop);

        Assert.Equal((most, 62), (tree.Nodes.Count, tree.Total));
        Assert.Equal(groups, tree.Nodes.Count(static node => node.Kind == TaskTreeNodeKind.Group));
        Assert.Equal(openers, tree.Roots[0].Children.Count(static child => child.Children.Count > 0));
        Assert.Equal(isSemaphoreThere, tree.Roots.Any(static node => node.Kind == TaskTreeNodeKind.Semaphore));
    }

    [Fact]
    public void A_group_that_was_found_by_its_token_has_room_before_the_children_beside_it()
    {
        LiveView top = With(3, static () => Child());
        top.Below.Add(With(1, static () => Child()));
        List<LiveView> roots = [top];
        Assert.Equal(0, TreeCut.To(2, roots));

        var tree = new TaskTreeSnapshot(roots, 0);
        Assert.Equal([TaskTreeNodeKind.Group, TaskTreeNodeKind.Group], tree.Nodes.Select(static node => node.Kind));
        Assert.Equal(6, tree.Total);
    }

    [Fact]
    public void What_a_lost_node_had_left_out_itself_is_lost_with_it()
    {
        LiveView top = With(2, static () => View("leaf"));
        top.Below[1].LeftOut = 5;
        List<LiveView> roots = [top];
        Assert.Equal(0, TreeCut.To(2, roots));
        Assert.Equal(6, new TaskTreeSnapshot(roots, 0).LeftOut);
    }

    [Fact]
    public void What_was_left_out_is_told_where_it_would_have_stood()
    {
        LiveView group = View("work");
        group.LeftOut = 2;
        Assert.Equal("5 nodes, 4 of them left out\n└─ group 'work', 0 running, 2 left out\n", new TaskTreeSnapshot([group], 2).ToString());
    }

    [Fact]
    public void A_long_queue_is_drawn_up_to_its_tenth_waiter()
    {
        LiveView semaphore = View("");
        (semaphore.Kind, semaphore.Waiting, semaphore.WaiterIds) = (TaskTreeNodeKind.Semaphore, 12, [.. Enumerable.Range(1, 12).Select(static id => $"{id}")]);
        Assert.Contains("12 waiting, queue: #1 #2 #3 #4 #5 #6 #7 #8 #9 #10 …\n", Tree(semaphore).ToString(), StringComparison.Ordinal);
    }

    private static LiveView View(string name) => new(mayAskClocks: true) { Name = name };

    private static LiveView Child(params LiveView[] opened)
    {
        LiveView child = View("child");
        child.Kind = TaskTreeNodeKind.Child;
        child.Below.AddRange(opened);
        return child;
    }

    private static LiveView With(int count, Func<LiveView> below)
    {
        LiveView view = View("work");
        view.Below.AddRange(Enumerable.Range(0, count).Select(_ => below()));
        return view;
    }

    private static LiveView Chain(int depth)
    {
        LiveView top = View("work");
        LiveView last = top;
        for (int i = 1; i < depth; i++)
        {
            LiveView next = View("work");
            last.Below.Add(next);
            last = next;
        }

        return top;
    }

    private static TaskTreeSnapshot Tree(params LiveView[] roots) => new([.. roots], 0);

    private static JsonElement Json(TaskTreeSnapshot tree) => JsonDocument.Parse(tree.ToJson()).RootElement;
}
