using Async.Toolkit.Benchmarks.Charts;
using Async.Toolkit.Benchmarks.Suite;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>Every target as one row: what was measured, as a share of what is allowed.</summary>
internal static class TargetChart
{
    private const int Width = 1160;
    private const int RowHeight = 22;
    private const int HeightOfTheRest = 150;
    private const double Least = 0.02;

    private static readonly Dictionary<Verdict, LegendEntry> Marks = new()
    {
        [Verdict.Met] = new("met", ChartColors.Rival, MarkerShape.FilledCircle),
        [Verdict.Undecided] = new("within the error bar", ChartColors.AlsoOurs, MarkerShape.FilledTriangleUp),
        [Verdict.Missed] = new("missed", ChartColors.Ours, MarkerShape.FilledDiamond),
    };

    public static byte[] Render(IReadOnlyList<Finding> findings)
    {
        Plot plot = ChartStyle.NewPlot("What was measured, as a share of what is allowed");
        var names = new NumericManual();
        double most = 1.5;
        foreach ((int index, Finding finding) in findings.Index())
        {
            double y = findings.Count - 1 - index;
            LegendEntry mark = Marks[finding.Verdict];
            double high = Share(finding.Value.High, finding);
            most = Math.Max(most, high);
            names.AddMajor(y, NameOf(finding, findings));
            ScottPlot.Plottables.LinePlot bar = plot.Add.Line(Math.Log10(Share(finding.Value.Low, finding)), y, Math.Log10(high), y);
            bar.LineWidth = 2;
            bar.LineColor = mark.Color;
            plot.Add.Marker(Math.Log10(Share(finding.Value.Value, finding)), y, mark.Shape, 9, mark.Color);
        }

        ScottPlot.Plottables.VerticalLine allowed = plot.Add.VerticalLine(0, 2, ChartColors.Text, LinePattern.Dashed);
        allowed.ExcludeFromLegend = true;
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Axes.SetLimits(Math.Log10(Least / 1.1), Math.Log10(most * 1.1), -0.8, findings.Count - 0.2);
        plot.Axes.Left.TickGenerator = names;
        plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Axes.Bottom.TickGenerator = LogTicks.Between(Least, most, static share => FormattableString.Invariant($"{share:0.##}"));
        plot.Axes.Bottom.TickLabelStyle.FontSize = 13;
        plot.XLabel("measured ÷ allowed, logarithmic; less is better", size: 13);
        ChartStyle.AddLegend(plot, Marks.Values);
        return ChartStyle.Render(HeightOfTheRest + (RowHeight * findings.Count), (plot, Width));
    }

    // What is next to nothing, or below nothing, stands at the left edge.
    private static double Share(double value, Finding finding) => Math.Max(Least, value / finding.Most);

    private static string NameOf(Finding finding, IReadOnlyList<Finding> all)
    {
        // The rival only where the name would be another target's too.
        bool isAmbiguous = all.Count(other => other.Subject == finding.Subject && other.Row == finding.Row) > 1;
        string rival = isAmbiguous ? $" against {finding.Rival.Label}" : "";
        string row = finding.Row.Count == 0 ? "" : $" ({finding.Row})";
        return $"{finding.Part.Title}: {finding.Ours.Label}, {Finding.Words(finding.Measure)}{rival}{row}";
    }
}
