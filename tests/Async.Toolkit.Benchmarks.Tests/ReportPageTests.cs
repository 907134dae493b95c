using Async.Toolkit.Benchmarks.Report;
using Xunit;

namespace Async.Toolkit.Benchmarks.Tests;

public sealed class ReportPageTests
{
    private const string Subject = $"{nameof(FirstOfNBenchmarks)} / not first";

    private static readonly Figures WithDefeat =
        Fake.Figures(static figure => figure.Method == nameof(FirstOfNBenchmarks.WhenAny) ? figure with { Nanoseconds = 250 } : figure);

    [Fact]
    public void The_page_that_is_kept_is_made_from_the_figures_beside_it()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Async.Toolkit.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("The tests do not run within the repository.");
        }

        var figures = Figures.Load(Path.Combine(root, "docs", ReportCommand.Folder, ReportCommand.KeptFigures));
        var causes = Causes.Parse(File.ReadAllText(Path.Combine(root, "benchmarks", "causes.md")));

        Assert.Equal(File.ReadAllText(Path.Combine(root, "docs", "benchmarks.md")), ReportPage.Render(Explained.From(figures, causes)));
    }

    [Fact]
    public void A_page_of_a_run_in_which_all_is_well_needs_no_causes()
    {
        string page = ReportPage.Render(Explained.From(Good(), Causes.Parse("# Causes\n")));

        Assert.Contains("Nowhere outside the error bars.", page, StringComparison.Ordinal);
        Assert.Contains("All targets are met outside the error bars.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rival_that_is_first_needs_a_cause()
    {
        FormatException refused = Assert.Throws<FormatException>(static () => Explained.From(Good(WithDefeat), Causes.Parse("# Causes\n")));

        Assert.Contains($"no cause for: {Subject} / Attempts=4", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"no cause for: {Subject} / Attempts=64", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cause_that_fits_most_closely_stands_in_the_page()
    {
        string page = ReportPage.Render(Explained.From(Good(WithDefeat), Causes.Parse($"""
            # Causes

            ## {Subject}

            In general.

            ## {Subject} / Attempts=64

            For many.
            Two lines.
            """.ReplaceLineEndings("\n"))));

        Assert.Contains("**First of n.** In general.", page, StringComparison.Ordinal);
        Assert.Contains("**First of n.** For many.\nTwo lines.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missed_target_and_two_rulers_that_disagree_need_a_cause_too()
    {
        Figures figures = Good(Fake.Figures(static figure => figure.Method == nameof(SemaphoreBenchmarks.AsyncSemaphore) ? figure with { Nanoseconds = 950 } : figure));
        figures = figures with { CompareRatios = new Dictionary<string, double>(figures.CompareRatios) { ["TaskGroup"] = 0.7 } };

        string problems = Assert.Throws<FormatException>(() => Explained.From(figures, Causes.Parse(""))).Message;

        Assert.Contains("no cause for: SemaphoreBenchmarks / AsyncSemaphore / time  (Missed: 0.950", problems, StringComparison.Ordinal);
        Assert.Contains("no cause for: ContendedSemaphoreBenchmarks / AsyncSemaphore / time / Workers=2", problems, StringComparison.Ordinal);
        Assert.Contains("no cause for: CompareDefaultsBenchmarks / GroupWithLimit / agreement", problems, StringComparison.Ordinal);
        Assert.DoesNotContain("Workers=64", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cause_that_fits_nothing_is_an_error()
    {
        FormatException refused = Assert.Throws<FormatException>(static () => Explained.From(Good(), Causes.Parse("## FirstOfNBenchmark / not first\n\nA typing error.\n")));

        Assert.Contains("fits nothing: FirstOfNBenchmark / not first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_cause_is_none() =>
        Assert.Throws<FormatException>(static () => Causes.Parse($"## {Subject}\n\n## {Subject} / Attempts=4\n\nText.\n"));

    [Fact]
    public void Kept_figures_give_the_same_page()
    {
        using var home = new TemporaryFolder();
        File.WriteAllBytes(home["figures.json"], Good().Save());

        Assert.Equal(
            ReportPage.Render(Explained.From(Good(), Causes.Parse(""))),
            ReportPage.Render(Explained.From(Figures.Load(home["figures.json"]), Causes.Parse(""))));
    }

    [Fact]
    public void The_charts_are_drawn()
    {
        var explained = Explained.From(Good(), Causes.Parse(""));

        Assert.Equal("PNG"u8.ToArray(), TargetChart.Render(explained.Findings)[1..4]);
        Assert.Equal("PNG"u8.ToArray(), GrowthChart.Render(explained.Figures, Suite.SuitePart.Named(nameof(GatherGrowthBenchmarks)))[1..4]);
    }

    // Half the time and a quarter of the bytes are too little in some rows.
    private static Figures Good(Figures? figures = null)
    {
        figures ??= Fake.Figures();
        return figures with
        {
            Rows =
            [
                .. figures.Rows.Select(static figure => (figure.Part, figure.Method) switch
                {
                    (nameof(GatherBenchmarks), nameof(GatherBenchmarks.GatherForEachAsync)) => figure with { Nanoseconds = figure.Nanoseconds / 10 },
                    (nameof(TimeoutBenchmarks), nameof(TimeoutBenchmarks.PollyTimeout)) => figure with { Nanoseconds = 2_000 },
                    _ => figure,
                }),
            ],
        };
    }
}
