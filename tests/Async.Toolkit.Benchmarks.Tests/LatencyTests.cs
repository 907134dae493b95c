using Async.Toolkit.Benchmarks.Strategies;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class LatencyTests
{
    [Theory]
    [InlineData("5ms")]
    [InlineData("1.5s")]
    [InlineData("exp:20ms")]
    [InlineData("uniform:1ms..50ms")]
    [InlineData("yield")]
    [InlineData("none")]
    public void What_was_read_is_written_the_same(string text) => Assert.Equal(text, Latency.Parse(text).ToString());

    [Theory]
    [InlineData("0", "none")]
    [InlineData("0ms", "none")]
    [InlineData("2000us", "2ms")]
    [InlineData("2000µs", "2ms")]
    [InlineData("uniform:1ms..1s", "uniform:1ms..1s")]
    public void There_is_one_way_to_write_each(string text, string written) => Assert.Equal(written, Latency.Parse(text).ToString());

    [Theory]
    [InlineData("", "''")]
    [InlineData("5", "'5'")]
    [InlineData("5m", "'5m'")]
    [InlineData("-5ms", "'-5ms'")]
    [InlineData("1e3ms", "'1e3ms'")]
    [InlineData("NaNms", "'NaNms'")]
    [InlineData("5 ms", "'5 ms'")]
    [InlineData("0.5ms", "0.5ms")]
    [InlineData("2h", "'2h'")]
    [InlineData("4000s", "longer than 3600s")]
    [InlineData("exp", "'exp'")]
    [InlineData("exp:", "''")]
    [InlineData("exp:0", "0 is shorter")]
    [InlineData("exp:5", "'5'")]
    [InlineData("normal:5ms", "'normal:5ms'")]
    [InlineData("uniform:5ms", "'5ms'")]
    [InlineData("uniform:1ms..", "''")]
    [InlineData("uniform:1ms..2ms..3ms", "'1ms..2ms..3ms'")]
    [InlineData("uniform:9ms..1ms", "9ms..1ms")]
    [InlineData("uniform:0..1ms", "0 is shorter")]
    public void What_is_no_latency_is_refused_with_its_own_text(string text, string named)
    {
        FormatException refused = Assert.Throws<FormatException>(() => Latency.Parse(text));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_fixed_wait_is_always_the_same() => Assert.All(Draw("7ms", 100), static wait => Assert.Equal(7, wait));

    [Fact]
    public void Even_waits_fill_their_range_and_do_not_leave_it()
    {
        int[] waits = Draw("uniform:2ms..6ms", 10_000);

        Assert.Equal([2, 3, 4, 5, 6], waits.Distinct().Order());
        Assert.InRange(waits.Average(), 3.9, 4.1);
    }

    [Fact]
    public void Exponential_waits_have_their_mean_and_their_long_tail()
    {
        int[] waits = Draw("exp:50ms", 20_000);

        Assert.InRange(waits.Average(), 49, 51);
        Assert.InRange(waits.Count(static wait => wait > 150) / 20_000.0, 0.045, 0.055); // e^-3
        Assert.All(waits, static wait => Assert.InRange(wait, 1, int.MaxValue));
    }

    [Fact]
    public void The_same_seed_draws_the_same_waits()
    {
        static int[] Waits(int seed)
        {
            var plan = new WorkPlan(100, Latency.Parse("exp:20ms"), TimeSpan.Zero, seed);
            return [.. plan.Items.Select(plan.WaitOf)];
        }

        Assert.Equal(Waits(3), Waits(3));
        Assert.NotEqual(Waits(3), Waits(4));
    }

    private static int[] Draw(string latency, int count)
    {
        var plan = new WorkPlan(count, Latency.Parse(latency), TimeSpan.Zero, seed: 1);
        return [.. plan.Items.Select(plan.WaitOf)];
    }
}
