using Async.Toolkit.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>What the task tree asks the clocks for, and counts as nothing where there is nothing.</summary>
public sealed class LiveClockTests
{
    [Fact]
    public void The_systems_clock_is_asked_always_and_another_one_where_that_is_allowed()
    {
        long before = Environment.TickCount64;
        Assert.InRange(LiveClock.Now(TimeProvider.System, mayAsk: false), before, Environment.TickCount64);
        var clock = new FakeTimeProvider();
        Assert.Equal(LiveClock.Unknown, LiveClock.Now(clock, mayAsk: false));
        long began = LiveClock.Now(clock, mayAsk: true);
        clock.Advance(TimeSpan.FromMilliseconds(1234));
        Assert.Equal(1234, LiveClock.Now(clock, mayAsk: true) - began);
    }

    [Theory]
    [InlineData(1_000L, 3_500L, 2_500)]
    [InlineData(3_500L, 1_000L, 0)]
    public void An_age_is_never_less_than_nothing(long started, long now, int age) =>
        Assert.Equal(TimeSpan.FromMilliseconds(age), LiveClock.Age(started, now));

    [Theory]
    [InlineData(LiveClock.Unknown, 1_000L)]
    [InlineData(1_000L, LiveClock.Unknown)]
    [InlineData(LiveClock.Unknown, LiveClock.Unknown)]
    public void Without_a_time_there_is_no_age(long started, long now) => Assert.Null(LiveClock.Age(started, now));
}
