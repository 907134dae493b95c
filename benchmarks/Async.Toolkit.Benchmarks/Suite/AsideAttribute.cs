namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>Marks a benchmark that is shown for its price and is no rival, because it does something else.</summary>
/// <param name="because">What it does not do.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AsideAttribute(string because) : Attribute
{
    public string Because => because;
}
