using System.Diagnostics;
using Harvest.Client;
using Harvest.Command;
using Harvest.Output;
using Harvest.Server;

namespace Harvest.Runs;

/// <summary>A harvest from a server one of whose endpoints fails, and what became of the other requests.</summary>
internal sealed class FailingRun(Settings settings, CatalogueServer server, Harvester harvester, IProgressDisplay display)
{
    /// <returns>Never: the failure is thrown on.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        HarvestTally? tally = null;
        server.Log.Take();
        var watch = Stopwatch.StartNew();
        try
        {
            await display.ShowAsync(Titles.Together(settings.Client.Concurrency), shown => harvester.TogetherAsync(tally = shown, cancellationToken));
            throw new UnreachableException("A harvest with a failing endpoint succeeded.");
        }
        catch (HttpRequestException) when (tally is not null)
        {
            double seconds = watch.Elapsed.TotalSeconds;

            // Only a server that has stopped has seen the end of every request.
            await server.StopAsync();
            Console.WriteLine($"the gather failed after {seconds:F2} s and left nothing running:");
            Console.WriteLine($"  {tally.Answered:N0} requests answered before, 1 failed");
            Console.WriteLine($"  {tally.BrokenOff + tally.NeverStarted:N0} siblings cancelled: {tally.BrokenOff:N0} under way, {tally.NeverStarted:N0} that never started");
            Console.WriteLine($"the server saw {server.Log.Take()} (an answer can cross its cancellation)");
            throw;
        }
    }
}
