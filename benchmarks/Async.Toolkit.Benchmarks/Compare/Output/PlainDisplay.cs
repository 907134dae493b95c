using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>A line for each stage: for files, pipes and terminals that cannot do more.</summary>
internal sealed class PlainDisplay(TextWriter output) : IProgressDisplay
{
    public Task ShowAsync(int runs, Func<Action<string, Strategy>, Task> comparison)
    {
        string shown = "";
        return comparison((stage, _) =>
        {
            if (stage != shown)
            {
                shown = stage;
                output.WriteLine(stage);
            }
        });
    }
}
