using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>Holds the figures against every target of the suite.</summary>
internal static class Findings
{
    public static IReadOnlyList<Finding> Of(Figures figures) =>
        [.. from part in SuitePart.All from target in part.Targets from finding in Check(figures, part, target) select finding];

    private static Finding[] Check(Figures figures, SuitePart part, TargetAttribute target)
    {
        Contender ours = part.Contenders.Single(contender => contender.Method == target.Ours);
        var onlyIn = new RowKey(target.Where);
        Finding[] found = target.Measure is Measure.TimeGrowth or Measure.BytesGrowth
            ? [.. GrowthOf(figures, part, target, ours)]
            : [.. from row in figures.RowsOf(part) where row.Includes(onlyIn) select InRow(figures, part, target, ours, row)];
        return found.Length > 0 ? found : throw new FormatException($"A target of {part.Name} is for rows with {target.Where}: there are none.");
    }

    private static Finding InRow(Figures figures, SuitePart part, TargetAttribute target, Contender ours, RowKey row)
    {
        Contender rival = RivalIn(figures, part, target, row);
        Figure our = figures.Find(part, ours.Method, row)!;
        Figure other = figures.Find(part, rival.Method, row)!;
        Measured value = target.Measure switch
        {
            Measure.Time => our.Time / other.Time,
            Measure.Bytes => new Measured((double)our.Bytes / other.Bytes, 0),
            _ => new Measured((our.Bytes - other.Bytes) / part.UnitsOf(row), 0),
        };
        return new Finding(part, ours, rival, target.Measure, row, value, target.Most);
    }

    private static IEnumerable<Finding> GrowthOf(Figures figures, SuitePart part, TargetAttribute target, Contender ours)
    {
        string counts = part.UnitsParameter ?? throw new FormatException($"{part.Name} has no parameter that grows.");
        foreach (IGrouping<RowKey, RowKey> rows in figures.RowsOf(part).GroupBy(row => row.Without(counts)))
        {
            RowKey few = rows.MinBy(row => row.NumberOf(counts))!;
            RowKey many = rows.MaxBy(row => row.NumberOf(counts))!;
            Contender rival = RivalIn(figures, part, target, many);
            yield return new Finding(part, ours, rival, target.Measure, rows.Key, Growth(ours) / Growth(rival), target.Most);

            Measured Growth(Contender contender)
            {
                Figure first = figures.Find(part, contender.Method, few)!;
                Figure last = figures.Find(part, contender.Method, many)!;
                double units = part.UnitsOf(many) / part.UnitsOf(few);
                Measured growth = target.Measure == Measure.TimeGrowth
                    ? last.Time / first.Time / units
                    : new Measured((double)last.Bytes / first.Bytes / units, 0);

                // A curve that falls does not rise: fixed costs that many units share are no merit of the rival's. Nor does its error bar, below one.
                double value = Math.Max(1, growth.Value);
                return new Measured(value, Math.Max(0, growth.High - value));
            }
        }
    }

    // Where a target names nobody, the one to beat is the best in that row.
    private static Contender RivalIn(Figures figures, SuitePart part, TargetAttribute target, RowKey row) =>
        target.Rival is { } name
            ? part.Contenders.Single(contender => contender.Method == name)
            : part.Contenders.Where(static contender => contender.IsRival).MinBy(rival =>
                target.Measure is Measure.Time or Measure.TimeGrowth ? figures.Find(part, rival.Method, row)!.Nanoseconds : figures.Find(part, rival.Method, row)!.Bytes)!;
}
