using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Xunit;

namespace Async.Toolkit.Tests.Groups;

/// <summary>How a running child is named to those who look for it.</summary>
public sealed class RunningChildTests
{
    [Theory]
    [InlineData(null, "src/Pump.cs", "pump", "src/Pump.cs", 7, "pump (Pump.cs:7)")]
    [InlineData(null, "", "pump", null, 0, "pump")]
    [InlineData("item 3", "src/Pump.cs", "item 3", null, 0, "item 3")]
    [InlineData("item 3", "", "item 3", null, 0, "item 3")]
    public void It_is_named_by_what_it_does_or_else_by_its_place(string? label, string file, string name, string? shownFile, int shownLine, string text)
    {
        var origin = new ChildOrigin(null!, null, CallerSite.Given("pump", file, 7));
        var child = new RunningChild(origin, new Work(label), null);
        Assert.Equal((name, shownFile, shownLine, text), (child.Name, child.File, child.Line, child.ToString()));
        Assert.Equal(label is null ? text : "pump", label is null ? new RunningChild(origin, null, null).ToString() : origin.Site.Name);
    }

    private sealed class Work(string? label) : IChildWork
    {
        public string? Label => label;

        public bool HasTask => false;

        public CancellationToken OwnToken => CancellationToken.None;

        public Task? Begin(CancellationToken groupToken) => null;

        public void Succeed(Task? finished)
        {
        }

        public void Fail(IReadOnlyList<Exception> failures)
        {
        }

        public void Cancel(CancellationToken token)
        {
        }
    }
}
