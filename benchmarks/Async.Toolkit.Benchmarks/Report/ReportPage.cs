using System.Globalization;
using System.Text;
using Async.Toolkit.Benchmarks.Suite;
using Async.Toolkit.Benchmarks.Text;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>The page docs/benchmarks.md. Every figure in it comes from the suite.</summary>
internal sealed class ReportPage
{
    public const string TargetsChart = "targets.png";

    private readonly Explained _explained;
    private readonly StringBuilder _page = new();

    private ReportPage(Explained explained) => _explained = explained;

    private Figures Figures => _explained.Figures;

    public static string Render(Explained explained)
    {
        var page = new ReportPage(explained);
        page.Introduction();
        page.TargetsInShort();
        page.Growth();
        page.NotFirst();
        page.NotMet();
        page.AllTargets();
        page.TwoRulers();
        page.Tables();
        page.Again();
        return page._page.ToString();
    }

    public static string GrowthChartOf(SuitePart part) => $"growth-{part.Name.Replace("Benchmarks", "", StringComparison.Ordinal)}.png";

    private void Introduction() => Line($"""
        # Benchmarks

        <!-- Made by benchmarks/report from figures.json and benchmarks/causes.md. What is written here by hand is lost. -->

        Measured on {Figures.Date} with {Figures.Ruler} and {Figures.Runtime} on {Figures.Machine}. Every rival runs the same body as we do, with the
        same settings, and has a closure for each item that ours has not only where `Task.Run`, which hands nothing on, is part of the idiom; rivals are the idioms of .NET itself and packages that people use instead.

        A figure is the mean of {SuiteConfig.FewestIterations} to {SuiteConfig.MostIterations} iterations of {SuiteConfig.IterationMilliseconds} ms (of one call each for what takes longer) after {SuiteConfig.FewestWarmups} to {SuiteConfig.MostWarmups} for warming up, unless its table says otherwise, ± half of its 99.9 % confidence interval. Bytes are what
        the whole process allocated. A ratio compares two rows of the same run, and its error bar holds the errors of both. On two cores the thread pool runs with one or with two active threads
        and drifts between the two: compare rows of one table, not tables of two days.

        To ask about *your* work, see [Again](#again).

        """);

    private void TargetsInShort()
    {
        int all = _explained.Findings.Count;
        int Count(Verdict verdict) => _explained.Findings.Count(finding => finding.Verdict == verdict);
        Line($"""
            ## Targets

            Of {all} targets {Count(Verdict.Met)} are met outside the error bars, {Count(Verdict.Undecided)} lie within them, {Count(Verdict.Missed)} are missed. Each stands in a [table](#all-targets), what is not met with its [cause](#not-met).

            ![Each target: what was measured as a share of what is allowed](benchmarks/{TargetsChart})

            """);
    }

    private void Growth()
    {
        Line("## Growth\n\nTime and bytes for one unit, when there are more and more of them. A target for growth compares the last point of a curve with its first; a curve that falls counts as 1.\n");
        foreach (SuitePart part in SuitePart.All.Where(static part => part.UnitsParameter is not null))
        {
            Line($"![{part.Title}: time and bytes per {part.Unit}](benchmarks/{GrowthChartOf(part)})\n");
        }
    }

    private void NotFirst()
    {
        Line("## Where we are not first\n");
        if (_explained.Defeats.Count == 0)
        {
            Line("Nowhere outside the error bars.\n");
            return;
        }

        Table(
            ["part", "row", "first", "best of ours", "our time, as a multiple"],
            _explained.Defeats.Select(static defeat => (IReadOnlyList<string>)[defeat.Part.Title, defeat.Row.Text, defeat.First.Label, defeat.Ours.Label, Ratio(defeat.Ratio)]),
            textColumns: 4);
        Reasons(_explained.Defeats.Select(defeat => (defeat.Part.Title, _explained.CauseOf(defeat.Subject, defeat.Row))));
    }

    private void NotMet()
    {
        Line("## Not met\n");
        Finding[] open = [.. _explained.Findings.Where(static finding => finding.Verdict != Verdict.Met)];
        if (open.Length == 0)
        {
            Line("All targets are met outside the error bars.\n");
            return;
        }

        TargetTable(open);
        Reasons(open.Select(finding => ($"{finding.Part.Title}, {finding.Ours.Label}, {Finding.Words(finding.Measure)}", _explained.CauseOf(finding.Subject, finding.Row))));
    }

    private void AllTargets()
    {
        Line("## All targets\n");
        TargetTable(_explained.Findings);
    }

    private void TargetTable(IEnumerable<Finding> findings) => Table(
        ["part", "row", "ours", "against", "what", "measured", "at most", "verdict"],
        findings.Select(static finding => (IReadOnlyList<string>)
        [
            finding.Part.Title,
            finding.Row.Text,
            finding.Ours.Label,
            finding.Rival.Label,
            Finding.Words(finding.Measure),
            finding.Measure == Measure.BytesMore ? Format.Bytes(finding.Value.Value) : Ratio(finding.Value),
            finding.Measure == Measure.BytesMore ? Format.Bytes(finding.Most) : Format.Ratio(finding.Most),
            finding.Verdict == Verdict.Met ? "met" : $"**{(finding.Verdict == Verdict.Missed ? "missed" : "undecided")}**",
        ]),
        textColumns: 5);

    private void TwoRulers()
    {
        Line("## Two rulers\n\nThe ratios that `compare` prints with its defaults, beside those of the suite over the same work. They may be 25 % apart.\n");
        Table(
            ["strategy", "suite", "compare", "apart"],
            _explained.Agreements.Select(static agreement => (IReadOnlyList<string>)
            [
                agreement.Strategy.Label,
                Ratio(agreement.Suite),
                Format.Ratio(agreement.Compare),
                agreement.IsClose ? Percent(agreement.Apart) : $"**{Percent(agreement.Apart)}**",
            ]));
        Reasons(_explained.Agreements.Where(static agreement => !agreement.IsClose).Select(agreement => (agreement.Strategy.Label, _explained.CauseOf(agreement.Subject, new RowKey("")))));
    }

    private void Tables()
    {
        Line("## Tables\n\nRows in bold are ours.\n");
        foreach (SuitePart part in SuitePart.All)
        {
            Line($"### {part.Title}\n\n{part.Question}\n");
            IReadOnlyList<string> names = Figures.Of(part).First().Key.Names;
            Table(
                [.. names, "", $"time per {part.Unit}", "±", "time, ratio", $"bytes per {part.Unit}", "bytes, ratio"],
                from row in Figures.RowsOf(part) from contender in part.Contenders select Cells(part, row, contender),
                textColumns: names.Count + 1);
            foreach (Contender aside in part.Contenders.Where(static contender => contender.Aside is not null))
            {
                Line($"*{aside.Label}* is no rival: {aside.Aside}.\n");
            }
        }
    }

    private IReadOnlyList<string> Cells(SuitePart part, RowKey row, Contender contender)
    {
        Figure figure = Figures.Find(part, contender.Method, row)!;
        Figure baseline = Figures.Find(part, part.Contenders.Single(static other => other.IsBaseline).Method, row)!;
        double units = part.UnitsOf(row);
        Measured time = figure.Time / units;
        return
        [
            .. row.Values,
            contender.IsOurs ? $"**{contender.Label}**" : contender.Label,
            Format.Nanoseconds(time.Value),
            Format.Nanoseconds(time.Margin),
            Format.Ratio(figure.Nanoseconds / baseline.Nanoseconds),
            Format.Bytes(figure.Bytes / units),
            baseline.Bytes == 0 ? "" : Format.Ratio((double)figure.Bytes / baseline.Bytes),
        ];
    }

    private void Again() => Line("""
        ## Again

        ```bash
        benchmarks/report          # measures everything, some twenty minutes on a quiet machine, and writes this page
        benchmarks/report --page   # only writes the page, after a change to benchmarks/causes.md
        dotnet run -c Release --project benchmarks/Async.Toolkit.Benchmarks -- --filter "*SpawnAndJoin*"
        ```

        Your own work, in your own proportions:

        ```bash
        dotnet run -c Release --project benchmarks/Async.Toolkit.Benchmarks -- compare --items 2000 --latency exp:20ms --cpu 50us --concurrency 100 --failures 0.01
        dotnet run -c Release --project benchmarks/Async.Toolkit.Benchmarks -- compare --help
        ```

        `compare` lets the strategies take turns in rounds, prints medians with quartiles and ratios, samples the memory that is alive, counts the items in flight, and tells what becomes of the
        others when one fails. It writes `report.md`, `report.json` and `chart.png` to `artifacts/compare`, or where `--out` says.
        """);

    // A cause that covers several rows is told once.
    private void Reasons(IEnumerable<(string About, string Cause)> reasons)
    {
        foreach (IGrouping<string, string> cause in reasons.GroupBy(static reason => reason.Cause, static reason => reason.About))
        {
            Line($"**{string.Join("; ", cause.Distinct())}.** {cause.Key}\n");
        }
    }

    private void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, int textColumns = 1) =>
        Line(MarkdownTable.Render(headers, rows, textColumns));

    private void Line(string text) => _page.Append(text.ReplaceLineEndings("\n")).Append('\n');

    private static string Ratio(Measured ratio) => ratio.Margin == 0 ? Format.Ratio(ratio.Value) : $"{Format.Digits(ratio.Value)} ± {Format.Digits(ratio.Margin)}×";

    private static string Percent(double apart) => (apart - 1).ToString("0 %", CultureInfo.InvariantCulture);
}
