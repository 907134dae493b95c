namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>What stays of several values: the middle, the quarters and the ends.</summary>
internal sealed record Summary(double Least, double LowerQuartile, double Median, double UpperQuartile, double Most)
{
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static Summary Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("A summary needs at least one value.", nameof(values))
            : new Summary(sorted[0], Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75), sorted[^1]);
    }

    // Between the two values that lie around the place, as spreadsheets do.
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
