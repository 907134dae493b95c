using Harvest.Client;

namespace Harvest.Output;

/// <summary>Shows nothing: for files, pipes and terminals that cannot do more.</summary>
internal sealed class NoDisplay : IProgressDisplay
{
    public Task<T> ShowAsync<T>(string title, Func<HarvestTally, Task<T>> harvest) => harvest(new HarvestTally());
}
