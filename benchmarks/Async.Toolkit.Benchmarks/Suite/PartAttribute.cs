namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>What a benchmark class is about, for the page of results.</summary>
/// <param name="title">The heading of its table.</param>
/// <param name="question">What is measured, in one or two sentences.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartAttribute(string title, string question) : Attribute
{
    public string Title => title;

    public string Question => question;

    /// <summary>What one of the figures is for: "call", "child", "item".</summary>
    public string Unit { get; init; } = "call";

    /// <summary>How many units one operation of the benchmark holds, where BenchmarkDotNet does not divide already.</summary>
    public int Units { get; init; } = 1;

    /// <summary>The parameter that tells how many units an operation holds, where that differs between rows.</summary>
    public string? UnitsParameter { get; init; }
}
