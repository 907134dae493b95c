using System.Text.Json.Serialization;
using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>One measured row.</summary>
/// <param name="Part">The name of the benchmark class.</param>
/// <param name="Method">The method.</param>
/// <param name="Row">The parameters.</param>
/// <param name="Nanoseconds">The mean for an operation.</param>
/// <param name="Margin">Half of its 99.9 % confidence interval.</param>
/// <param name="Bytes">Allocated by an operation.</param>
internal sealed record Figure(string Part, string Method, string Row, double Nanoseconds, double Margin, long Bytes)
{
    [JsonIgnore]
    public RowKey Key => new(Row);

    [JsonIgnore]
    public Measured Time => new(Nanoseconds, Margin);
}
