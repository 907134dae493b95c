using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>Who has room in a snapshot that is being made.</summary>
public sealed class LiveChildrenTests
{
    [Fact]
    public void Everybody_but_those_who_are_wanted_takes_room_until_there_is_none()
    {
        var wanted = new LiveChild(1, 0);
        var other = new LiveChild(2, 0);
        var parent = new LiveView(mayAskClocks: false);
        var children = new LiveChildren(new HashSet<LiveScope> { wanted }, room: 2);

        LiveView first = children.Add(parent, wanted);
        Assert.Equal(2, children.Room);
        LiveView second = children.Add(parent, other);
        Assert.Equal(1, children.Room);
        LiveView third = children.Add(parent, null);
        Assert.Equal(0, children.Room);
        LiveView fourth = children.Add(parent, null);
        Assert.Equal(0, children.Room);

        Assert.Equal([first, second, third, fourth], parent.Below);
        Assert.All(parent.Below, child => Assert.Same(parent, child.Parent));
        Assert.Equal((first, second), (children.Find(wanted), children.Find(other)));
        Assert.Null(children.Find(new LiveChild(1, 0)));
    }
}
