using Harvest.Client;

namespace Harvest.Output;

/// <summary>Shows how far a harvest is while it runs.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs the harvest with a tally whose changes are shown under the given title.</summary>
    Task<T> ShowAsync<T>(string title, Func<HarvestTally, Task<T>> harvest);
}
