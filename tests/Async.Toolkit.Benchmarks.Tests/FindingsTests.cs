using Async.Toolkit.Benchmarks.Report;
using Async.Toolkit.Benchmarks.Suite;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class FindingsTests
{
    [Theory]
    [InlineData(0.7, 0.05, nameof(Verdict.Met))]
    [InlineData(0.75, 0.05, nameof(Verdict.Met))]
    [InlineData(0.78, 0.05, nameof(Verdict.Undecided))]
    [InlineData(0.82, 0.05, nameof(Verdict.Undecided))]
    [InlineData(0.9, 0.05, nameof(Verdict.Missed))]
    public void A_target_is_met_or_missed_only_outside_the_error_bar(double value, double margin, string verdict)
    {
        var part = SuitePart.Named(nameof(SpawnAndJoinBenchmarks));
        var finding = new Finding(part, part.Contenders[1], part.Contenders[0], Measure.Time, new RowKey(""), new Measured(value, margin), Most: 0.8);

        Assert.Equal(verdict, finding.Verdict.ToString());
    }

    [Fact]
    public void A_ratio_carries_the_errors_of_both_sides()
    {
        Measured ratio = new Measured(30, 0.9) / new Measured(10, 0.4);

        Assert.Equal(3, ratio.Value, 12);
        Assert.Equal(3 * 0.05, ratio.Margin, 12);
    }

    [Fact]
    public void Time_and_bytes_are_held_against_the_rival_that_the_target_names()
    {
        IReadOnlyList<Finding> findings = Findings.Of(Fake.Figures());

        Finding time = Find(findings, nameof(SpawnAndJoinBenchmarks.GroupStart), Measure.Time);
        Finding bytes = Find(findings, nameof(SpawnAndJoinBenchmarks.GroupStart), Measure.Bytes);
        Assert.Equal(nameof(SpawnAndJoinBenchmarks.WhenAllOverTaskRun), time.Rival.Method);
        Assert.Equal("Children=100000", time.Row.Text);
        Assert.Equal(0.5, time.Value.Value, 12);
        Assert.Equal(0.25, bytes.Value.Value, 12);
    }

    [Fact]
    public void Without_a_named_rival_the_best_of_the_row_is_the_one_to_beat()
    {
        Figures figures = Fake.Figures(static figure => figure.Method == nameof(GatherBenchmarks.Dataflow) && figure.Row == "Limit=16, Waits=True" ? figure with { Nanoseconds = 1 } : figure);

        Finding[] best = [.. Findings.Of(figures).Where(static finding => finding.Part.Name == nameof(GatherBenchmarks) && finding is { Measure: Measure.Time, Most: 1 })];

        Assert.Equal(6, best.Length);
        Finding beaten = Assert.Single(best, static finding => finding.Rival.Method == nameof(GatherBenchmarks.Dataflow));
        Assert.Equal(Verdict.Missed, beaten.Verdict);
    }

    [Fact]
    public void One_after_another_is_no_rival() =>
        Assert.DoesNotContain(
            Findings.Of(Fake.Figures(static figure => figure.Method == nameof(GatherBenchmarks.Sequential) ? figure with { Nanoseconds = 1 } : figure)),
            static finding => finding.Measure == Measure.Time && finding.Rival.Method == nameof(GatherBenchmarks.Sequential));

    [Fact]
    public void Growth_is_per_unit_from_the_smallest_to_the_largest_count_and_never_below_one()
    {
        // The rival: 10 times the children, then 100 times; 300 times the time. Ours: 150 times. Bytes of ours fall.
        Figures figures = Fake.Figures(static figure => figure.Part != nameof(SpawnAndJoinBenchmarks) ? figure : (figure.Method, figure.Row) switch
        {
            (nameof(SpawnAndJoinBenchmarks.WhenAllOverTaskRun), "Children=10000") => figure with { Nanoseconds = 100, Bytes = 1_000 },
            (nameof(SpawnAndJoinBenchmarks.WhenAllOverTaskRun), "Children=1000000") => figure with { Nanoseconds = 30_000, Bytes = 200_000 },
            (nameof(SpawnAndJoinBenchmarks.GroupStart), "Children=10000") => figure with { Nanoseconds = 100, Bytes = 1_000 },
            (nameof(SpawnAndJoinBenchmarks.GroupStart), "Children=1000000") => figure with { Nanoseconds = 15_000, Bytes = 50_000 },
            _ => figure,
        });

        IReadOnlyList<Finding> findings = Findings.Of(figures);

        Assert.Equal(0.5, Find(findings, nameof(SpawnAndJoinBenchmarks.GroupStart), Measure.TimeGrowth).Value.Value, 12);
        Assert.Equal(0.5, Find(findings, nameof(SpawnAndJoinBenchmarks.GroupStart), Measure.BytesGrowth).Value.Value, 12);
    }

    [Theory]
    [InlineData(0.5, 0.1, 0.0)]
    [InlineData(0.9, 0.3, 0.2)]
    [InlineData(2.0, 0.3, 0.3)]
    public void Of_the_error_bar_of_a_growth_only_what_reaches_above_one_counts(double growth, double margin, double counts)
    {
        Figures figures = Fake.Figures(figure => figure.Method == nameof(SpawnAndJoinBenchmarks.GroupStart) && figure.Row == "Children=1000000"
            ? figure with { Nanoseconds = figure.Nanoseconds * growth, Margin = figure.Nanoseconds * margin }
            : figure);

        Measured found = Find(Findings.Of(figures), nameof(SpawnAndJoinBenchmarks.GroupStart), Measure.TimeGrowth).Value;

        Assert.Equal(Math.Max(1, growth), found.Value, 12);
        Assert.Equal(counts, found.Margin, 12);
    }

    [Fact]
    public void Bytes_more_are_per_unit()
    {
        Figures figures = Fake.Figures(static figure => figure.Part != nameof(PagingBenchmarks) ? figure
            : figure with { Bytes = figure.Method == nameof(PagingBenchmarks.ByCursor) ? 350_000 : 100_000 });

        Finding more = Findings.Of(figures).First(static finding => finding.Measure == Measure.BytesMore && finding.Part.Name == nameof(PagingBenchmarks));

        Assert.Equal(2.5, more.Value.Value, 12);
        Assert.Equal(Verdict.Missed, more.Verdict);
    }

    [Fact]
    public void A_rival_is_first_only_outside_the_error_bars()
    {
        Assert.Empty(Defeat.AllIn(Fake.Figures()));

        Figures close = Fake.Figures(static figure => figure.Method == nameof(FirstOfNBenchmarks.WhenAny) ? figure with { Nanoseconds = 490, Margin = 20 } : figure);
        Figures clear = Fake.Figures(static figure => figure.Method == nameof(FirstOfNBenchmarks.WhenAny) ? figure with { Nanoseconds = 250 } : figure);

        Assert.Empty(Defeat.AllIn(close));
        Assert.Equal(["Attempts=4", "Attempts=64"], Defeat.AllIn(clear).Select(static defeat => defeat.Row.Text));
        Assert.All(Defeat.AllIn(clear), static defeat => Assert.Equal(2, defeat.Ratio.Value, 12));
    }

    [Theory]
    [InlineData(1.0, 1.25, true)]
    [InlineData(1.0, 0.8, true)]
    [InlineData(1.0, 1.26, false)]
    [InlineData(0.10, 0.07, false)]
    public void The_two_rulers_may_be_a_quarter_apart(double suite, double compare, bool isClose)
    {
        var part = SuitePart.Named(nameof(CompareDefaultsBenchmarks));

        Assert.Equal(isClose, new Agreement(part, part.Contenders[0], new Measured(suite, 0), compare).IsClose);
    }

    private static Finding Find(IReadOnlyList<Finding> findings, string ours, Measure measure) =>
        findings.First(finding => finding.Part.Name == nameof(SpawnAndJoinBenchmarks) && finding.Ours.Method == ours && finding.Measure == measure);
}
