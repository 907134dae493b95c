using System.Text.Json;
using Async.Toolkit;
using Harvest.Catalogue;
using Harvest.Client;
using Harvest.Output;
using Harvest.Runs;
using Harvest.Server;

namespace Harvest.Command;

/// <summary>The program from its arguments to its exit code.</summary>
internal static class HarvestCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        (Settings? settings, int exitCode) = CommandLine.Read(args);
        return settings is null
            ? Task.FromResult(exitCode)
            : AsyncApp.RunAsync(cancellationToken => settings.ShowsTree
                ? TreePrinter.AlongAsync("harvest", ct => RunOrSayWhyNotAsync(settings, ct), Console.Error, cancellationToken)
                : RunOrSayWhyNotAsync(settings, cancellationToken));
    }

    private static async Task<int> RunOrSayWhyNotAsync(Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            return settings.Url is { } url
                ? await RunElsewhereAsync(url, settings, cancellationToken)
                : await RunHereAsync(settings, cancellationToken);
        }
        catch (ResumeException refused)
        {
            return CommandLine.Complain(refused.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Console.Error.WriteLine($"harvest: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }

    private static async Task<int> RunElsewhereAsync(Uri url, Settings settings, CancellationToken cancellationToken)
    {
        using var requests = new PatientHandler(settings.Client);
        using HttpClient http = ClientOf(requests, address: null);
        var run = new FileRun<JsonElement>(settings.Out!, settings.Resumes, RecordSources.Elsewhere(http, url, settings.Client), ProgressDisplay.ForOutput(requests, settings));
        await run.RunAsync(url.Host, cancellationToken);
        return ExitCode.Succeeded;
    }

    private static async Task<int> RunHereAsync(Settings settings, CancellationToken cancellationToken)
    {
        var catalogue = RuntimeCatalogue.Load();
        if (settings.Server.FailingNamespace is { } failing && catalogue.TypesOf(failing) is null)
        {
            return CommandLine.Refuse($"the catalogue has no namespace '{failing}' (try System.IO)");
        }

        await using CatalogueServer server = await CatalogueServer.StartAsync(catalogue, settings.Server, cancellationToken);
        RuntimeSummary summary = catalogue.Summary;
        Console.WriteLine($"{server.Address} serves {summary.Types:N0} public types of {summary.Runtime} in {summary.Namespaces:N0} namespaces");
        Console.WriteLine($"from {summary.Assemblies:N0} assemblies; an answer takes it {Work.MillisecondsPerAnswer} ms, {Work.MillisecondsPerType} ms more for each type, now and then much more");
        if (settings.Serves)
        {
            await ServingRun.UntilCanceledAsync(server, settings.Client.PageSize, cancellationToken);
            return ExitCode.Succeeded;
        }

        using var requests = new PatientHandler(settings.Client);
        using HttpClient http = ClientOf(requests, server.Address);
        var client = new CatalogueClient(http);
        IProgressDisplay display = ProgressDisplay.ForOutput(requests, settings);
        if (settings.Out is { } path)
        {
            return await RunIntoFileAsync(path, settings, catalogue, server, client, display, cancellationToken);
        }

        var harvester = new Harvester(client, settings.Client);
        var tour = new Tour(settings, catalogue, server, harvester, display);
        return settings.Server.FailingNamespace is not null ? await new FailingRun(settings, server, harvester, display).RunAsync(cancellationToken)
            : settings.Style is { } style ? await tour.OneStyleAsync(style, cancellationToken)
            : await tour.AllWaysAsync(cancellationToken);
    }

    private static async Task<int> RunIntoFileAsync(
        string path, Settings settings, RuntimeCatalogue catalogue, CatalogueServer server, CatalogueClient client, IProgressDisplay display, CancellationToken cancellationToken)
    {
        PageStyle style = settings.Style ?? PageStyle.Page;
        RecordSource<TypeRecord> source = RecordSources.Here(client, server.Address, catalogue.Summary, style, settings.Client);
        await new FileRun<TypeRecord>(path, settings.Resumes, source, display).RunAsync(Titles.Of(style), cancellationToken);
        HarvestCheck check = await CatalogueFile.CheckAsync(path, catalogue, cancellationToken);
        Console.WriteLine($"{"",Titles.Width}  {check}; the server saw {server.Log.Take()}");
        return check.IsExact ? ExitCode.Succeeded : CommandLine.Complain(Tour.NotExact, ExitCode.Failed);
    }

    private static HttpClient ClientOf(PatientHandler requests, Uri? address)
    {
        // The handler has a time limit for each attempt; this one would be for all of them together.
        var http = new HttpClient(requests, disposeHandler: false) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Async.Toolkit-Harvest");
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        return http;
    }
}
