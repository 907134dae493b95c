using System.Diagnostics;
using Harvest.Catalogue;
using Harvest.Client;
using Harvest.Command;
using Harvest.Output;
using Harvest.Server;

namespace Harvest.Runs;

/// <summary>The same harvest in one way after the other, each checked record by record.</summary>
internal sealed class Tour(Settings settings, RuntimeCatalogue catalogue, CatalogueServer server, Harvester harvester, IProgressDisplay display)
{
    public const string NotExact = "the records gathered are not those that the server holds";

    private bool _isExact = true;

    /// <summary>One by one, together, and page by page in every style.</summary>
    public async Task<int> AllWaysAsync(CancellationToken cancellationToken)
    {
        double oneByOne = await TakeAsync(Titles.OneByOne, tally => harvester.OneByOneAsync(tally, cancellationToken));
        double together = await TakeAsync(Titles.Together(settings.Client.Concurrency), tally => harvester.TogetherAsync(tally, cancellationToken));
        Console.WriteLine($"{"",Titles.Width}  {oneByOne / together:F1} times as fast");
        foreach (PageStyle style in Enum.GetValues<PageStyle>())
        {
            await TakeAsync(style, cancellationToken);
        }

        return Verdict();
    }

    /// <summary>Page by page in one style.</summary>
    public async Task<int> OneStyleAsync(PageStyle style, CancellationToken cancellationToken)
    {
        await TakeAsync(style, cancellationToken);
        return Verdict();
    }

    private Task<double> TakeAsync(PageStyle style, CancellationToken cancellationToken) =>
        TakeAsync(Titles.Of(style), tally => harvester.ByPagesAsync(style, tally, cancellationToken));

    private async Task<double> TakeAsync(string title, Func<HarvestTally, Task<TypeRecord[]>> harvest)
    {
        server.Log.Take();
        var watch = Stopwatch.StartNew();
        TypeRecord[] records = await display.ShowAsync(title, harvest);
        double seconds = watch.Elapsed.TotalSeconds;
        var check = HarvestCheck.Compare(catalogue.AllTypes, records);
        Console.WriteLine($"{title,-Titles.Width}  {seconds:F2} s  {check}; the server saw {server.Log.Take()}");
        _isExact &= check.IsExact;
        return seconds;
    }

    private int Verdict() => _isExact ? ExitCode.Succeeded : CommandLine.Complain(NotExact, ExitCode.Failed);
}
