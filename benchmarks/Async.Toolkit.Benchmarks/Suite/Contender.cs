namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>One method of a benchmark class.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Label">What stands in tables and charts.</param>
/// <param name="IsOurs">Whether it belongs to this library.</param>
/// <param name="IsBaseline">Whether ratios refer to it.</param>
/// <param name="Aside">Why it is no rival, if it is none.</param>
internal sealed record Contender(string Method, string Label, bool IsOurs, bool IsBaseline, string? Aside)
{
    public bool IsRival => !IsOurs && Aside is null;
}
