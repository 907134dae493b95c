using Harvest.Client;

namespace Harvest.Output;

/// <summary>A line for each quarter of the way: for files, pipes and terminals that cannot do more.</summary>
internal sealed class PlainDisplay(TextWriter output) : IProgressDisplay
{
    private const int Steps = 4;

    public Task<T> ShowAsync<T>(string title, Func<HarvestTally, Task<T>> harvest)
    {
        var gate = new Lock();
        int shown = 0;
        return harvest(new HarvestTally { Changed = Show });

        void Show(HarvestTally tally)
        {
            // The tally changes from many threads: without a gate the lines could overtake one another.
            lock (gate)
            {
                int gathered = tally.Gathered;
                int step = gathered * Steps / Math.Max(tally.Namespaces, 1);
                if (step > shown)
                {
                    shown = step;
                    output.WriteLine($"{title}: {gathered:N0} of {tally.Namespaces:N0} namespaces, {tally.Types:N0} types");
                }
            }
        }
    }
}
