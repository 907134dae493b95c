using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>The eight bytes in which a followed child keeps its number and its beginning.</summary>
public sealed class LiveStampTests
{
    [Theory]
    [InlineData(1u, 0L, 0L, 0L)]
    [InlineData(7u, 8_000L, 13_000L, 5_000L)]
    [InlineData((1u << 28) - 1, 63_000_000_000_000L, 63_000_000_060_000L, 60_000L)]
    [InlineData(3u, 549_755_813_000L, 549_755_823_000L, 10_000L)]
    [InlineData(5u, 0L, 274_877_906_936L, 274_877_906_936L)]
    public void Number_and_age_come_out_as_they_went_in(uint number, long started, long now, long age)
    {
        var child = new LiveChild(number, started);
        Assert.Equal(number, child.Number);
        Assert.InRange(child.AgeAt(now)!.Value.TotalMilliseconds, age - 8, age + 8);
    }

    [Fact]
    public void Who_does_not_know_the_time_has_no_age()
    {
        Assert.Null(new LiveChild(1, LiveClock.Unknown).AgeAt(5));
        Assert.Null(new LiveChild(1, 5).AgeAt(LiveClock.Unknown));
    }

    [Theory]
    [InlineData(1_000L, 1_008L)]
    [InlineData(0L, 60_000L)]
    [InlineData(274_877_906_944L, 0L)]
    [InlineData(549_755_813_000L, 549_755_823_000L)]
    public void Who_began_after_the_time_was_asked_for_has_no_age_yet(long now, long started) =>
        Assert.Equal(TimeSpan.Zero, new LiveChild(1, started).AgeAt(now));

    [Theory]
    [InlineData(7L, true)]
    [InlineData(8L, false)]
    [InlineData((1L << 28) + 7, true)]
    [InlineData((1L << 40) + 7, true)]
    [InlineData((1L << 28) - 1, false)]
    public void A_number_is_compared_as_far_as_it_is_kept(long number, bool isTheChilds) =>
        Assert.Equal(isTheChilds, new LiveChild(7, 0).IsNumber(number));

    [Fact]
    public void Numbers_come_round() => Assert.Equal(2u, new LiveChild((1u << 28) + 2, 0).Number);
}
