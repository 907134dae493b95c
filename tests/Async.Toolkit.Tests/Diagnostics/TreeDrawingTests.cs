using System.Globalization;
using System.Text.Json;
using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>The drawing of a snapshot, line by line: branches, kinds and states.</summary>
public sealed class TreeDrawingTests
{
    [Fact]
    public void Branches_lead_to_those_below_and_end_with_the_last_of_them()
    {
        TaskTreeSnapshot tree = Tree(Group("a", Group("b", Group("c")), Group("d")), Group("e", Group("f")));
        Assert.Equal(
            """
            6 nodes
            ├─ group 'a', 0 running
            │  ├─ group 'b', 0 running
            │  │  └─ group 'c', 0 running
            │  └─ group 'd', 0 running
            └─ group 'e', 0 running
               └─ group 'f', 0 running

            """,
            tree.ToString(),
            ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData(TaskTreeNodeKind.Group, TaskTreeState.Running, "group 'x', 0 running")]
    [InlineData(TaskTreeNodeKind.Group, TaskTreeState.Joining, "group 'x', the body has returned, 0 running")]
    [InlineData(TaskTreeNodeKind.Group, TaskTreeState.Canceling, "group 'x', canceling (Timeout), 0 running")]
    [InlineData(TaskTreeNodeKind.Gather, TaskTreeState.Running, "gather 'x', 0 running")]
    [InlineData(TaskTreeNodeKind.Pages, TaskTreeState.Running, "pages 'x', a page is being fetched")]
    [InlineData(TaskTreeNodeKind.Pages, TaskTreeState.Consuming, "pages 'x', the loop is busy with a page")]
    [InlineData(TaskTreeNodeKind.Semaphore, TaskTreeState.Running, "semaphore 'x'")]
    [InlineData(TaskTreeNodeKind.Child, TaskTreeState.Running, "x")]
    [InlineData(TaskTreeNodeKind.Item, TaskTreeState.Running, "x")]
    [InlineData(TaskTreeNodeKind.Child, TaskTreeState.WaitingForThread, "x, waits for a thread")]
    [InlineData(TaskTreeNodeKind.Child, TaskTreeState.WaitingForLimit, "x, waits for the limit")]
    [InlineData(TaskTreeNodeKind.Item, TaskTreeState.WaitingForPermit, "x, waits for a permit")]
    public void Every_kind_and_state_has_its_words(TaskTreeNodeKind kind, TaskTreeState state, string line)
    {
        LiveView view = Group("x");
        (view.Kind, view.State, view.Reason) = (kind, state, state == TaskTreeState.Canceling ? CancellationReason.Timeout : CancellationReason.None);
        Assert.Equal($"1 node\n└─ {line}\n", Tree(view).ToString());
    }

    [Fact]
    public void Who_waits_for_a_semaphore_says_for_which_one_only()
    {
        LiveView child = Group("x");
        (child.Kind, child.Id, child.State, child.WaitsFor) = (TaskTreeNodeKind.Child, "1.2", TaskTreeState.WaitingForPermit, "3");
        Assert.Equal("1 node\n└─ x #1.2, waits for semaphore #3\n", Tree(child).ToString());
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, ", 1 waiting, queue: ?")]
    [InlineData(2, ", 2 waiting, queue: ? #1")]
    [InlineData(10, ", 10 waiting, queue: ? #1 #2 #3 #4 #5 #6 #7 #8 #9")]
    [InlineData(11, ", 11 waiting, queue: ? #1 #2 #3 #4 #5 #6 #7 #8 #9 …")]
    public void A_queue_is_drawn_up_to_its_tenth_waiter_and_says_when_there_are_more(int waiting, string drawn)
    {
        LiveView semaphore = Group("");
        (semaphore.Kind, semaphore.Id, semaphore.Waiting) = (TaskTreeNodeKind.Semaphore, "7", waiting);
        semaphore.WaiterIds = [.. Enumerable.Range(0, waiting).Select(static number => number == 0 ? "?" : number.ToString(CultureInfo.InvariantCulture))];
        Assert.Equal($"1 node\n└─ semaphore #7{drawn}\n", Tree(semaphore).ToString());
    }

    [Fact]
    public void Lines_that_are_too_deep_are_drawn_at_the_last_indent_and_say_how_deep_they_are()
    {
        LiveView top = Group("x");
        for (int i = 0; i < 33; i++)
        {
            top = Group("x", top);
        }

        string[] lines = Tree(top).ToString().Split('\n');
        string indent = string.Concat(Enumerable.Repeat("   ", 31));
        Assert.Equal($"{indent}└─ group 'x', 0 running", lines[32]);
        Assert.Equal($"{indent}└─ (level 32) group 'x', 0 running", lines[33]);
        Assert.Equal($"{indent}└─ (level 33) group 'x', 0 running", lines[34]);
    }

    [Fact]
    public void Json_says_what_it_is_and_who_stands_under_whom()
    {
        LiveView group = Group("x", Group("y"));
        (group.Id, group.Below[0].Id) = ("1", "2");
        TaskTreeSnapshot tree = Tree(group);
        JsonElement json = JsonDocument.Parse(tree.ToJson()).RootElement;

        Assert.Equal(["version", "capturedAt", "total", "leftOut", "nodes"], json.EnumerateObject().Select(static property => property.Name));
        Assert.Equal((1, tree.CapturedAt), (json.GetProperty("version").GetInt32(), json.GetProperty("capturedAt").GetDateTimeOffset()));
        Assert.Equal((2, 0), (json.GetProperty("total").GetInt32(), json.GetProperty("leftOut").GetInt32()));
        Assert.Equal(
            """[{"kind":"group","id":"1","name":"x","state":"running"},{"kind":"group","id":"2","parent":"1","name":"y","state":"running"}]""",
            json.GetProperty("nodes").GetRawText());
    }

    private static LiveView Group(string name, params LiveView[] below)
    {
        var view = new LiveView(mayAskClocks: true) { Name = name };
        view.Below.AddRange(below);
        return view;
    }

    private static TaskTreeSnapshot Tree(params LiveView[] roots) => new([.. roots], 0);
}
