using System.Text;
using Async.Toolkit.Benchmarks.Compare.Output;
using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>
/// Makes the page of results: <c>report DOCS CAUSES [RESULTS COMPARE]</c>. With the last two it reads new figures first, without
/// them it takes those that are kept beside the page. The script benchmarks/report calls it.
/// </summary>
internal static class ReportCommand
{
    public const string Folder = "benchmarks";
    public const string KeptFigures = "figures.json";

    public static int Run(string[] args)
    {
        try
        {
            switch (args)
            {
                case [string docs, string causes]:
                    Write(docs, causes, Figures.Load(Path.Combine(docs, Folder, KeptFigures)));
                    return 0;
                case [string docs, string causes, string results, string compare]:
                    Write(docs, causes, SuiteOutput.Read(results, compare));
                    return 0;
                default:
                    Console.Error.WriteLine("usage: report DOCS CAUSES [RESULTS COMPARE]; see benchmarks/report");
                    return 2;
            }
        }
        catch (Exception failure) when (failure is FormatException or IOException)
        {
            Console.Error.WriteLine($"report: {failure.Message}");
            return 1;
        }
    }

    private static void Write(string docs, string causes, Figures figures)
    {
        // The figures first and by themselves: they took twenty minutes, and a missing cause must not lose them.
        Put(Path.Combine(docs, Folder), (KeptFigures, figures.Save()));
        var explained = Explained.From(figures, Causes.Parse(File.ReadAllText(causes)));
        Put(
            Path.Combine(docs, Folder),
            [
                (ReportPage.TargetsChart, TargetChart.Render(explained.Findings)),
                .. from part in SuitePart.All where part.UnitsParameter is not null select (ReportPage.GrowthChartOf(part), GrowthChart.Render(figures, part)),
            ]);
        Put(docs, ("benchmarks.md", Encoding.UTF8.GetBytes(ReportPage.Render(explained))));
    }

    private static void Put(string path, params (string Name, byte[] Content)[] files)
    {
        using ReportFolder folder = ReportFolder.TryOpen(path, out string? reason) ?? throw new IOException(reason);
        folder.Write(files);
    }
}
