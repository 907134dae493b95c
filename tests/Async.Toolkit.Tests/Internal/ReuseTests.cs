using Async.Toolkit.Internal;
using Xunit;

namespace Async.Toolkit.Tests.Internal;

public sealed class ReuseTests
{
    // On one thread from beginning to end: each has a place of its own besides what all of them share.
    [Fact]
    public void What_was_given_is_taken_again_and_what_is_too_much_is_not_kept()
    {
        const int Most = 257;
        Assert.Null(Reuse<Thing>.Take());
        Thing[] things = [.. Enumerable.Range(0, Most).Select(static _ => new Thing())];

        Assert.All(things, static thing => Assert.True(Reuse<Thing>.Give(thing)));
        Assert.False(Reuse<Thing>.Give(new Thing()));

        Assert.Equal(things.ToHashSet(), Enumerable.Range(0, Most).Select(static _ => Reuse<Thing>.Take()!).ToHashSet());
        Assert.Null(Reuse<Thing>.Take());
    }

    private sealed class Thing;
}
