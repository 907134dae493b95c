namespace Harvest.Server;

/// <summary>The time that an answer takes a server which has to look the records up.</summary>
internal static class Work
{
    public const double MillisecondsPerAnswer = 10;
    public const double MillisecondsPerType = 0.3;

    public static Task LookUpAsync(int types, CancellationToken aborted) =>
        Task.Delay(TimeSpan.FromMilliseconds(MillisecondsPerAnswer + (MillisecondsPerType * types)), aborted);
}
