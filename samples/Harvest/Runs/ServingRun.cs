using Harvest.Server;

namespace Harvest.Runs;

/// <summary>Only the server, until somebody stops it.</summary>
internal static class ServingRun
{
    public static async Task UntilCanceledAsync(CatalogueServer server, int pageSize, CancellationToken cancellationToken)
    {
        Uri address = server.Address;
        Console.WriteLine($"serving until Ctrl+C, at most {Throttle.MostAtOnce} requests at once and {Throttle.MostPerSecond} in a second:");
        Console.WriteLine(new Uri(address, $"{Routes.ByPage}?page=1&size={pageSize}"));
        Console.WriteLine(new Uri(address, $"{Routes.ByOffset}?offset=0&limit={pageSize}"));
        Console.WriteLine(new Uri(address, $"{Routes.ByCursor}?limit={pageSize}"));
        Console.WriteLine(new Uri(address, $"{Routes.ByLink}?per_page={pageSize}"));
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ServerTally seen = server.Log.Take();
        Console.WriteLine($"answered {seen.Succeeded:N0} requests; saw {seen}");
    }
}
