using System.Diagnostics;
using Harvest.Catalogue;
using Harvest.Client;
using Harvest.Output;
using Harvest.Server;

namespace Harvest;

/// <summary>What the program shows: the same harvest in two ways, or one that fails.</summary>
internal sealed class HarvestStory(Settings settings, RuntimeCatalogue catalogue, CatalogueServer server, Harvester harvester, IProgressDisplay display)
{
    private string TogetherTitle => $"{settings.Concurrency:N0} at a time";

    /// <summary>Harvests one by one and together, checks both, and compares the times.</summary>
    public async Task<int> CompareAsync(CancellationToken cancellationToken)
    {
        (TypeRecord[] oneByOne, double oneByOneSeconds, int oneByOneMost) = await TimeAsync("one at a time", tally => harvester.OneByOneAsync(tally, cancellationToken));
        (TypeRecord[] together, double togetherSeconds, int togetherMost) = await TimeAsync(TogetherTitle, tally => harvester.TogetherAsync(settings.Concurrency, tally, cancellationToken));

        var oneByOneCheck = HarvestCheck.Compare(catalogue.AllTypes, oneByOne);
        var togetherCheck = HarvestCheck.Compare(catalogue.AllTypes, together);
        int width = Math.Max(TogetherTitle.Length, "one at a time".Length);
        Console.WriteLine($"{"one at a time".PadRight(width)}  {oneByOneSeconds:F2} s  {oneByOneCheck}; the server saw at most {oneByOneMost:N0} at once");
        Console.WriteLine($"{TogetherTitle.PadRight(width)}  {togetherSeconds:F2} s  {togetherCheck}; the server saw at most {togetherMost:N0} at once");
        Console.WriteLine($"{oneByOneSeconds / togetherSeconds:F1} times as fast");
        if (oneByOneCheck.IsExact && togetherCheck.IsExact)
        {
            return ExitCode.Succeeded;
        }

        Console.Error.WriteLine("harvest: the records gathered are not those that the server holds");
        return ExitCode.Failed;
    }

    /// <summary>Harvests from a server one of whose endpoints fails, and shows what became of the other requests.</summary>
    /// <returns>Never: the failure is thrown on.</returns>
    public async Task<int> FailAsync(CancellationToken cancellationToken)
    {
        HarvestTally? tally = null;
        var watch = Stopwatch.StartNew();
        try
        {
            await display.ShowAsync(TogetherTitle, shown => harvester.TogetherAsync(settings.Concurrency, tally = shown, cancellationToken));
            throw new UnreachableException("A harvest with a failing endpoint succeeded.");
        }
        catch (HttpRequestException) when (tally is not null)
        {
            double seconds = watch.Elapsed.TotalSeconds;

            // Only a server that has stopped has seen the end of every request.
            await server.StopAsync();
            Console.WriteLine($"the gather failed after {seconds:F2} s and left nothing running:");
            Console.WriteLine($"  {tally.Gathered:N0} requests answered before, 1 failed");
            Console.WriteLine($"  {tally.BrokenOff + tally.NeverStarted:N0} siblings cancelled: {tally.BrokenOff:N0} under way, {tally.NeverStarted:N0} that never started");
            Console.WriteLine($"the server saw {server.Log} (an answer can cross its cancellation), and at most {server.Log.TakeMostAtOnce():N0} at once");
            throw;
        }
    }

    private async Task<(TypeRecord[] Harvest, double Seconds, int MostAtOnce)> TimeAsync(string title, Func<HarvestTally, Task<TypeRecord[]>> harvest)
    {
        var watch = Stopwatch.StartNew();
        TypeRecord[] records = await display.ShowAsync(title, harvest);
        return (records, watch.Elapsed.TotalSeconds, server.Log.TakeMostAtOnce());
    }
}
