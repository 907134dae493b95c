using Async.Toolkit.Benchmarks.Text;
using Spectre.Console;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>The tables on the terminal.</summary>
internal static class ResultTables
{
    private const int WidthWithoutTerminal = 160;

    public static void Show(CompareResult result, IAnsiConsole console)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            // A file has no width; wrapped cells could not be searched.
            console.Profile.Width = WidthWithoutTerminal;
        }

        foreach (ReportTable table in ReportTable.Of(result))
        {
            console.WriteLine();
            console.Write(Render(table));
            console.WriteLine(table.Explanation);
        }

        console.WriteLine();
        console.WriteLine($"Fastest{(result.Fastest.Strategy.KeepsLimit ? " within the limit" : "")}: {result.Fastest.Strategy.Title}, {Format.Ratio(result.Fastest.Ratio.Median)} the time of {result.Baseline.Strategy.Title}. {result.Machine}");
    }

    private static Table Render(ReportTable table)
    {
        var shown = new Table().Title(Markup.Escape(table.Title)).Border(TableBorder.Rounded);
        foreach ((int index, string header) in table.Headers.Index())
        {
            var column = new TableColumn(Markup.Escape(header));
            shown.AddColumn(index == 0 ? column.LeftAligned() : column.RightAligned());
        }

        foreach (ReportRow row in table.Rows)
        {
            shown.AddRow([.. row.Cells.Select(cell => row.IsBest ? $"[bold green]{Markup.Escape(cell)}[/]" : Markup.Escape(cell))]);
        }

        return shown;
    }
}
