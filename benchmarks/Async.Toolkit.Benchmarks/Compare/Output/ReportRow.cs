namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>A row of a table.</summary>
internal sealed record ReportRow(IReadOnlyList<string> Cells, bool IsBest);
