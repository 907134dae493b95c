using System.Globalization;
using System.Text;
using Async.Toolkit.Benchmarks.Text;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>The page of one comparison.</summary>
internal static class MarkdownReport
{
    public static byte[] Render(CompareResult result)
    {
        var page = new StringBuilder();
        page.Append("# Ways to run many items\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{result.At:yyyy-MM-dd HH:mm}, {result.Machine}.\n\n");
        foreach (ReportTable table in ReportTable.Of(result))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {table.Title}\n\n");
            page.Append(MarkdownTable.Render(table.Headers, table.Rows.Select(static row => row.Cells)));
            page.Append(CultureInfo.InvariantCulture, $"\n{table.Explanation}\n\n");
        }

        page.Append("![Time and allocated bytes of each strategy](chart.png)\n\n");
        page.Append("Again:\n\n```bash\n");
        page.Append(CultureInfo.InvariantCulture, $"dotnet run -c Release --project benchmarks/Async.Toolkit.Benchmarks -- {result.Settings.ToCommandLine()}\n");
        page.Append("```\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }
}
