using System.Text.Json;
using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>Reads what BenchmarkDotNet and <c>compare</c> have written.</summary>
internal static class SuiteOutput
{
    /// <param name="results">The folder of BenchmarkDotNet's reports.</param>
    /// <param name="compare">The report.json of <c>compare</c> with its defaults.</param>
    /// <exception cref="FormatException">A class or a method of the suite is missing, or has no figures.</exception>
    public static Figures Read(string results, string compare)
    {
        var rows = new List<Figure>();
        string date = "";
        JsonElement host = default;
        foreach (SuitePart part in SuitePart.All)
        {
            string path = Directory.EnumerateFiles(results, $"*.{part.Name}-report-brief.json").SingleOrDefault() ?? throw new FormatException($"{results} holds no report of {part.Name}.");
            using var report = JsonDocument.Parse(File.ReadAllBytes(path));
            date = DateIn(report.RootElement.GetProperty("Title").GetString()!);
            host = report.RootElement.GetProperty("HostEnvironmentInfo").Clone();
            rows.AddRange(report.RootElement.GetProperty("Benchmarks").EnumerateArray().Select(benchmark => FigureIn(part, benchmark)));
            foreach (Contender contender in part.Contenders.Where(contender => !rows.Exists(row => row.Part == part.Name && row.Method == contender.Method)))
            {
                throw new FormatException($"{path} lacks {contender.Method}.");
            }
        }

        return new Figures(
            date,
            $"{host.GetProperty("LogicalCoreCount").GetInt32()} cores of {Text(host, "ProcessorName")}, {Text(host, "OsVersion").Replace("Linux Debian", "Debian", StringComparison.Ordinal)}",
            Text(host, "RuntimeVersion").Split(" (")[0],
            $"BenchmarkDotNet {Text(host, "BenchmarkDotNetVersion")}",
            RatiosIn(compare),
            rows);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    // "Namespace.Class-20260131-235959"
    private static string DateIn(string title)
    {
        string day = title.Split('-')[^2];
        return $"{day[..4]}-{day[4..6]}-{day[6..]}";
    }

    private static Figure FigureIn(SuitePart part, JsonElement benchmark)
    {
        string method = Text(benchmark, "Method");
        string row = RowKey.FromBenchmarkDotNet(Text(benchmark, "Parameters")).Text;
        if (benchmark.GetProperty("Statistics") is not { ValueKind: JsonValueKind.Object } statistics)
        {
            throw new FormatException($"{part.Name}.{method} ({row}) has no figures: it failed.");
        }

        // A single iteration, as in a dry run, has no interval.
        JsonElement margin = statistics.GetProperty("ConfidenceInterval").GetProperty("Margin");
        return new Figure(
            part.Name,
            method,
            row,
            statistics.GetProperty("Mean").GetDouble(),
            margin.ValueKind == JsonValueKind.Number ? margin.GetDouble() : 0,
            benchmark.GetProperty("Memory").GetProperty("BytesAllocatedPerOperation").GetInt64());
    }

    private static Dictionary<string, double> RatiosIn(string compare)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(compare));
        return report.RootElement.GetProperty("strategies").EnumerateArray().ToDictionary(
            static strategy => strategy.GetProperty("title").GetString()!,
            static strategy => strategy.GetProperty("ratio").GetProperty("median").GetDouble());
    }
}
