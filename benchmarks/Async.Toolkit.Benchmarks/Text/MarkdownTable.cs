using System.Text;

namespace Async.Toolkit.Benchmarks.Text;

/// <summary>A table in Markdown: names to the left, figures to the right.</summary>
internal static class MarkdownTable
{
    public static string Render(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, int textColumns = 1)
    {
        var table = new StringBuilder();
        Row(headers);
        Row([.. headers.Select((_, index) => index < textColumns ? "---" : "---:")]);
        foreach (IReadOnlyList<string> row in rows)
        {
            Row(row);
        }

        return table.ToString();

        void Row(IReadOnlyList<string> cells) => table.Append("| ").AppendJoin(" | ", cells.Select(static cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }
}
