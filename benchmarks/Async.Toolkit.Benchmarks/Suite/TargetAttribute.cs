namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>What a benchmark of ours has to reach. The report checks every target in every row that it applies to.</summary>
/// <param name="ours">The method of ours.</param>
/// <param name="measure">What is compared.</param>
/// <param name="most">The largest value that is still good.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class TargetAttribute(string ours, Measure measure, double most) : Attribute
{
    public string Ours => ours;

    public Measure Measure => measure;

    public double Most => most;

    /// <summary>The rival's method; the best of all rivals in the same row by default.</summary>
    public string? Rival { get; init; }

    /// <summary>The parameters of the rows that it applies to, such as "Limit=100, Waits=True"; all rows by default.</summary>
    public string Where { get; init; } = "";
}
