using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>A row in which a rival is faster than the best of ours, outside the error bars.</summary>
internal sealed record Defeat(SuitePart Part, RowKey Row, Contender Ours, Contender First, Measured Ratio)
{
    /// <summary>What the cause is looked up by.</summary>
    public string Subject => $"{Part.Name} / not first";

    public static IReadOnlyList<Defeat> AllIn(Figures figures) =>
        [.. from part in SuitePart.All where part.HasRivals from row in figures.RowsOf(part) let defeat = In(figures, part, row) where defeat is not null select defeat];

    private static Defeat? In(Figures figures, SuitePart part, RowKey row)
    {
        Contender ours = Fastest(part.Contenders.Where(static contender => contender.IsOurs));
        Contender rival = Fastest(part.Contenders.Where(static contender => contender.IsRival));
        Measured ratio = TimeOf(ours) / TimeOf(rival);
        return ratio.Low > 1 ? new Defeat(part, row, ours, rival, ratio) : null;

        Contender Fastest(IEnumerable<Contender> some) => some.MinBy(contender => TimeOf(contender).Value)!;

        Measured TimeOf(Contender contender) => figures.Find(part, contender.Method, row)!.Time;
    }
}
