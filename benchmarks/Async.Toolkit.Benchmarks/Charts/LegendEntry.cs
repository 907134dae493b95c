using ScottPlot;

namespace Async.Toolkit.Benchmarks.Charts;

/// <summary>A line of a legend.</summary>
internal sealed record LegendEntry(string Text, Color Color, MarkerShape Shape);
