using ScottPlot;

namespace Async.Toolkit.Benchmarks.Charts;

/// <summary>Okabe and Ito's colours, which people with any of the usual colour blindnesses can tell apart; two for us, the rest for rivals.</summary>
internal static class ChartColors
{
    public static Color Ours { get; } = Color.FromHex("#D55E00");

    public static Color AlsoOurs { get; } = Color.FromHex("#E69F00");

    public static Color Rival { get; } = Color.FromHex("#0072B2");

    public static Color Text { get; } = Color.FromHex("#1A1A1A");

    public static Color Grid { get; } = Color.FromHex("#DDDDDD");

    public static Color Background { get; } = Colors.White;

    public static IReadOnlyList<Color> Rivals { get; } =
        [Rival, Color.FromHex("#009E73"), Color.FromHex("#CC79A7"), Color.FromHex("#56B4E9"), Color.FromHex("#000000")];
}
