using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>A target in one row: what was to be reached, and what was.</summary>
/// <param name="Part">The class.</param>
/// <param name="Ours">The method of ours.</param>
/// <param name="Rival">Against whom.</param>
/// <param name="Measure">What is compared.</param>
/// <param name="Row">The row; for growth without the parameter that grows.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Most">The largest value that is still good.</param>
internal sealed record Finding(SuitePart Part, Contender Ours, Contender Rival, Measure Measure, RowKey Row, Measured Value, double Most)
{
    public Verdict Verdict =>
        Value.High <= Most ? Verdict.Met
        : Value.Low > Most ? Verdict.Missed
        : Verdict.Undecided;

    /// <summary>What the cause of a miss is looked up by.</summary>
    public string Subject => $"{Part.Name} / {Ours.Method} / {Words(Measure)}";

    public static string Words(Measure measure) => measure switch
    {
        Measure.Time => "time",
        Measure.Bytes => "bytes",
        Measure.BytesMore => "bytes more",
        Measure.TimeGrowth => "growth of time",
        Measure.BytesGrowth => "growth of bytes",
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, null),
    };
}
