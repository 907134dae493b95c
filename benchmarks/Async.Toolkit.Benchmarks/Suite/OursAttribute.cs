namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>Marks a benchmark of this library; whatever is not marked is a rival.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OursAttribute : Attribute;
