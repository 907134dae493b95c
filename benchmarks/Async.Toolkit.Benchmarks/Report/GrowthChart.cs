using Async.Toolkit.Benchmarks.Charts;
using Async.Toolkit.Benchmarks.Suite;
using Async.Toolkit.Benchmarks.Text;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>Time and bytes per unit against the number of units.</summary>
internal static class GrowthChart
{
    private const int PanelWidth = 580;
    private const int Height = 470;

    private static readonly MarkerShape[] RivalShapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle];

    public static byte[] Render(Figures figures, SuitePart part) => ChartStyle.Render(
        Height,
        (Panel(figures, part, $"{part.Title}, time per {part.Unit}", static figure => figure.Nanoseconds, "time, logarithmic", Format.NanosecondsMark), PanelWidth),
        (Panel(figures, part, $"{part.Title}, bytes per {part.Unit}", static figure => figure.Bytes, "bytes, logarithmic", Format.BytesMark), PanelWidth));

    private static Plot Panel(Figures figures, SuitePart part, string title, Func<Figure, double> value, string axis, Func<double, string> mark)
    {
        Plot plot = ChartStyle.NewPlot(title);
        var legend = new List<LegendEntry>();
        double least = double.MaxValue, most = 0;
        int rivals = 0, ours = 0;
        foreach (Contender contender in part.Contenders.Where(static contender => contender.Aside is null))
        {
            LegendEntry entry = contender.IsOurs
                ? new LegendEntry(contender.Label, ours++ == 0 ? ChartColors.Ours : ChartColors.AlsoOurs, MarkerShape.FilledDiamond)
                : new LegendEntry(contender.Label, ChartColors.Rivals[rivals], RivalShapes[rivals++]);
            legend.Add(entry);
            (double Count, double PerUnit)[] points =
            [
                .. from row in figures.RowsOf(part)
                   let count = part.UnitsOf(row)
                   orderby count
                   select (count, Math.Max(0.1, value(figures.Find(part, contender.Method, row)!) / count)),
            ];
            least = Math.Min(least, points.Min(static point => point.PerUnit));
            most = Math.Max(most, points.Max(static point => point.PerUnit));
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(
                points.Select(static point => Math.Log10(point.Count)).ToArray(),
                points.Select(static point => Math.Log10(point.PerUnit)).ToArray(),
                entry.Color);
            line.MarkerShape = entry.Shape;
            line.MarkerSize = contender.IsOurs ? 12 : 9;
            line.LineWidth = contender.IsOurs ? 3 : 1.5f;
        }

        double[] counts = [.. figures.RowsOf(part).Select(part.UnitsOf)];
        var marks = new NumericManual();
        foreach (double count in counts)
        {
            marks.AddMajor(Math.Log10(count), Format.Count(count));
        }

        plot.Axes.Bottom.TickGenerator = marks;
        plot.Axes.Left.TickGenerator = LogTicks.Between(least / 1.3, most * 1.3, mark);
        plot.Axes.SetLimitsX(Math.Log10(counts.Min()) - 0.12, Math.Log10(counts.Max()) + 0.2);
        plot.Axes.SetLimitsY(Math.Log10(least / 1.3), Math.Log10(most * 1.3));
        plot.Axes.Bottom.TickLabelStyle.FontSize = 13;
        plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.XLabel(part.UnitsParameter!.ToLowerInvariant() + ", logarithmic", size: 13);
        plot.YLabel(axis, size: 13);
        ChartStyle.AddLegend(plot, legend);
        return plot;
    }
}
