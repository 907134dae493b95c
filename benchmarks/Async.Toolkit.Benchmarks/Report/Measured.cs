namespace Async.Toolkit.Benchmarks.Report;

/// <summary>A value with its error bar.</summary>
internal readonly record struct Measured(double Value, double Margin)
{
    public double Low => Value - Margin;

    public double High => Value + Margin;

    public static Measured operator /(Measured value, double divisor) => new(value.Value / divisor, value.Margin / divisor);

    /// <summary>A ratio; the relative errors are independent, so their squares add up.</summary>
    public static Measured operator /(Measured value, Measured other)
    {
        double ratio = value.Value / other.Value;
        return new Measured(ratio, ratio * double.Hypot(Relative(value), Relative(other)));
    }

    private static double Relative(Measured value) => value.Value == 0 ? 0 : value.Margin / value.Value;
}
