using System.Text.Encodings.Web;
using System.Text.Json;
using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>All that the page is made of, kept beside it, so that the page can be made again without measuring.</summary>
internal sealed record Figures(string Date, string Machine, string Runtime, string Ruler, IReadOnlyDictionary<string, double> CompareRatios, IReadOnlyList<Figure> Rows)
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Figures Load(string path) =>
        JsonSerializer.Deserialize<Figures>(File.ReadAllBytes(path), Layout) ?? throw new FormatException($"{path} is empty.");

    public byte[] Save() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Layout), (byte)'\n'];

    public IEnumerable<Figure> Of(SuitePart part) => Rows.Where(figure => figure.Part == part.Name);

    public Figure? Find(SuitePart part, string method, RowKey row) => Of(part).FirstOrDefault(figure => figure.Method == method && figure.Row == row.Text);

    /// <summary>The rows of a part, in the order in which they were measured.</summary>
    public IReadOnlyList<RowKey> RowsOf(SuitePart part) => [.. Of(part).Select(static figure => figure.Key).Distinct()];
}
