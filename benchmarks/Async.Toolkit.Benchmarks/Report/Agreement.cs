using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>One strategy's ratio to the baseline as BenchmarkDotNet and as <c>compare</c> measured it: the same work, two rulers.</summary>
internal sealed record Agreement(SuitePart Part, Contender Strategy, Measured Suite, double Compare)
{
    private const double MostApart = 1.25;

    /// <summary>The larger of the two as a multiple of the smaller.</summary>
    public double Apart => Math.Max(Compare / Suite.Value, Suite.Value / Compare);

    public bool IsClose => Apart <= MostApart;

    /// <summary>What the cause of a difference is looked up by.</summary>
    public string Subject => SubjectOf(Part, Strategy);

    public static string SubjectOf(SuitePart part, Contender strategy) => $"{part.Name} / {strategy.Method} / agreement";

    public static IReadOnlyList<Agreement> AllIn(Figures figures)
    {
        var part = SuitePart.Named(nameof(CompareDefaultsBenchmarks));
        var row = new RowKey("");
        Measured baseline = figures.Find(part, part.Contenders.Single(static contender => contender.IsBaseline).Method, row)!.Time;
        return
        [
            .. from strategy in part.Contenders
               where !strategy.IsBaseline
               select new Agreement(part, strategy, figures.Find(part, strategy.Method, row)!.Time / baseline, figures.CompareRatios[strategy.Label]),
        ];
    }
}
