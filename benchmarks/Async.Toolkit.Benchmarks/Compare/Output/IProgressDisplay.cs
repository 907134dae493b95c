using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>Shows how far a comparison is.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs the comparison, which tells before each of its runs what comes next.</summary>
    Task ShowAsync(int runs, Func<Action<string, Strategy>, Task> comparison);
}
