using System.Reflection;
using Async.Toolkit.Benchmarks.Report;
using Async.Toolkit.Benchmarks.Suite;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks.Tests;

/// <summary>Figures of a run in which everything of ours takes half the time and a quarter of the bytes.</summary>
internal static class Fake
{
    public static Figures Figures(Func<Figure, Figure>? change = null) => new(
        "2026-01-31",
        "2 cores",
        ".NET 10",
        "a ruler",
        SuitePart.Named(nameof(CompareDefaultsBenchmarks)).Contenders.ToDictionary(static one => one.Label, static one => one.IsOurs ? 0.5 : 1),
        [
            .. from part in SuitePart.All
               from row in RowsOf(part)
               from contender in part.Contenders
               let units = part.UnitsOf(new RowKey(row))
               let figure = new Figure(part.Name, contender.Method, row, (contender.IsOurs ? 500 : 1_000) * units, 0, (long)((contender.IsOurs ? 100 : 400) * units))
               select change is null ? figure : change(figure),
        ]);

    // Every combination of the parameters, as BenchmarkDotNet makes them.
    private static string[] RowsOf(SuitePart part)
    {
        Type type = typeof(SuitePart).Assembly.GetType($"Async.Toolkit.Benchmarks.{part.Name}")!;
        IEnumerable<string> rows = [""];
        foreach (PropertyInfo property in type.GetProperties().Where(static property => property.IsDefined(typeof(ParamsAttribute))))
        {
            rows = [.. from row in rows from value in property.GetCustomAttribute<ParamsAttribute>()!.Values select $"{row}{(row.Length == 0 ? "" : ", ")}{property.Name}={value}"];
        }

        return [.. rows];
    }
}
