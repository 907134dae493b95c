using Async.Toolkit.Benchmarks.Compare;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class SummaryTests
{
    [Fact]
    public void Nothing_has_no_summary() => Assert.Throws<ArgumentException>(static () => Summary.Of([]));

    [Fact]
    public void One_value_is_everything() => Assert.Equal(new Summary(4, 4, 4, 4, 4), Summary.Of([4]));

    [Fact]
    public void An_odd_number_of_values_has_one_in_the_middle() => Assert.Equal(new Summary(1, 2, 3, 4, 5), Summary.Of([5, 1, 4, 2, 3]));

    [Fact]
    public void Between_two_values_the_place_decides() => Assert.Equal(new Summary(1, 1.75, 2.5, 3.25, 4), Summary.Of([4, 3, 2, 1]));

    [Fact]
    public void An_outlier_moves_the_end_and_not_the_middle()
    {
        var summary = Summary.Of([1, 2, 3, 4, 1000]);

        Assert.Equal(3, summary.Median);
        Assert.Equal(1000, summary.Most);
    }

    [Fact]
    public void Ratios_are_taken_round_by_round()
    {
        // The second round is ten times as slow for both: a ratio of medians would not be 2.
        Run[] ours = [Round(2), Round(20), Round(6)];
        Run[] others = [Round(1), Round(10), Round(3)];

        Assert.Equal(new Summary(2, 2, 2, 2, 2), CompareResult.RatioOf(ours, others));

        static Run Round(double milliseconds) => new(milliseconds, 0, 0);
    }
}
