using ScottPlot;
using SkiaSharp;

namespace Async.Toolkit.Benchmarks.Charts;

/// <summary>What all charts have in common: a white ground, one font, twice the points for sharp screens.</summary>
internal static class ChartStyle
{
    private const float Scale = 2;

    private static readonly string FontName =
        SKFontManager.Default.FontFamilies.Intersect(["DejaVu Sans", "Segoe UI", "Helvetica Neue", "Noto Sans", "Arial"]).FirstOrDefault() ?? Fonts.Sans;

    public static Plot NewPlot(string title)
    {
        var plot = new Plot { ScaleFactor = Scale };
        plot.FigureBackground.Color = ChartColors.Background;
        plot.DataBackground.Color = ChartColors.Background;
        plot.Axes.Color(ChartColors.Text);
        plot.Grid.MajorLineColor = ChartColors.Grid;
        plot.Title(title, size: 15);
        plot.Font.Set(FontName);
        return plot;
    }

    /// <summary>A legend below the plot, where it hides nothing.</summary>
    public static void AddLegend(Plot plot, IEnumerable<LegendEntry> entries)
    {
        foreach (LegendEntry entry in entries)
        {
            plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = entry.Text,
                MarkerShape = entry.Shape,
                MarkerFillColor = entry.Color,
                MarkerLineColor = entry.Color,
                MarkerSize = 11,
            });
        }

        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.FontName = FontName;
        plot.Legend.FontSize = 13;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>Several plots side by side, as a PNG.</summary>
    /// <param name="height">In points.</param>
    /// <param name="plots">Each with its width in points.</param>
    public static byte[] Render(int height, params IReadOnlyList<(Plot Plot, int Width)> plots)
    {
        int width = plots.Sum(static part => part.Width);
        using var surface = SKSurface.Create(new SKImageInfo((int)(width * Scale), (int)(height * Scale)));
        surface.Canvas.Clear(SKColors.White);
        float left = 0;
        foreach ((Plot plot, int plotWidth) in plots)
        {
            using Image image = plot.GetImage((int)(plotWidth * Scale), (int)(height * Scale));
            using var picture = SKImage.FromEncodedData(image.GetImageBytes());
            surface.Canvas.DrawImage(picture, left, 0);
            left += plotWidth * Scale;
        }

        using SKImage whole = surface.Snapshot();
        using SKData png = whole.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
