using Async.Toolkit.Benchmarks.Charts;
using Async.Toolkit.Benchmarks.Strategies;
using Async.Toolkit.Benchmarks.Text;
using ScottPlot;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>The chart of one comparison: time to the left, bytes to the right, a row for each strategy.</summary>
internal static class ResultChart
{
    private const int TimeWidth = 720;
    private const int BytesWidth = 440;
    private const int RowHeight = 44;
    private const int HeightOfTheRest = 160;

    public static byte[] Render(CompareResult result)
    {
        int items = result.Settings.Items;
        Plot time = DotPlot(
            $"Time for {Format.Count(items)} items, {Format.Count(result.Settings.Concurrency)} at a time",
            $"median of {result.Settings.Rounds} rounds, line from fastest to slowest, logarithmic",
            result.Strategies.Select(static one => new DotRow(one.Strategy, one.Milliseconds.Median, one.Milliseconds.Least, one.Milliseconds.Most, $"{Format.Milliseconds(one.Milliseconds.Median)}, {Format.Ratio(one.Ratio.Median)}")),
            static milliseconds => Format.NanosecondsMark(milliseconds * 1e6));
        Plot bytes = DotPlot(
            "Allocated per item",
            "median, logarithmic",
            result.Strategies.Select(one => DotRow.At(one.Strategy, Math.Max(1, one.AllocatedBytes / items), Format.Bytes(one.AllocatedBytes / items))),
            Format.BytesMark,
            hasNames: false);
        return ChartStyle.Render(HeightOfTheRest + (RowHeight * result.Strategies.Count), (time, TimeWidth), (bytes, BytesWidth));
    }

    private static Plot DotPlot(string title, string axis, IEnumerable<DotRow> all, Func<double, string> mark, bool hasNames = true)
    {
        DotRow[] rows = [.. all];
        Plot plot = ChartStyle.NewPlot(title);
        var names = new ScottPlot.TickGenerators.NumericManual();
        foreach ((int index, DotRow row) in rows.Index())
        {
            double y = rows.Length - 1 - index;
            Color color = row.Strategy.IsOurs ? ChartColors.Ours : ChartColors.Rival;
            names.AddMajor(y, hasNames ? row.Strategy.Title : "");
            ScottPlot.Plottables.LinePlot spread = plot.Add.Line(Math.Log10(row.Least), y, Math.Log10(row.Most), y);
            spread.LineWidth = 3;
            spread.LineColor = color;
            plot.Add.Marker(Math.Log10(row.Middle), y, row.Strategy.IsOurs ? MarkerShape.FilledDiamond : MarkerShape.FilledCircle, 12, color);
            ScottPlot.Plottables.Text text = plot.Add.Text(row.Label, Math.Log10(row.Most), y);
            text.LabelFontSize = 13;
            text.LabelFontColor = ChartColors.Text;
            text.LabelAlignment = Alignment.MiddleLeft;
            text.OffsetX = 12;
        }

        double least = rows.Min(static row => row.Least) / 1.3;
        double most = rows.Max(static row => row.Most);
        double room = 0.45 * Math.Max(0.5, Math.Log10(most / least));
        plot.Axes.SetLimits(Math.Log10(least), Math.Log10(most) + room, -0.6, rows.Length - 0.4);
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Axes.Left.TickGenerator = names;
        plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Bottom.TickGenerator = LogTicks.Between(least, most * 1.3, mark);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 12;
        plot.XLabel(axis, size: 13);
        ChartStyle.AddLegend(plot, [new("Async.Toolkit", ChartColors.Ours, MarkerShape.FilledDiamond), new("others", ChartColors.Rival, MarkerShape.FilledCircle)]);
        return plot;
    }

    private sealed record DotRow(Strategy Strategy, double Middle, double Least, double Most, string Label)
    {
        public static DotRow At(Strategy strategy, double value, string label) => new(strategy, value, value, value, label);
    }
}
