using Async.Toolkit;
using Harvest.Catalogue;
using Harvest.Client;
using Harvest.Output;
using Harvest.Server;

namespace Harvest;

/// <summary>The program from its arguments to its exit code.</summary>
internal static class HarvestCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        (Settings? settings, int exitCode) = CommandLine.Read(args);
        return settings is null
            ? Task.FromResult(exitCode)
            : AsyncApp.RunAsync(cancellationToken => RunOrSayWhyNotAsync(settings, cancellationToken));
    }

    private static async Task<int> RunOrSayWhyNotAsync(Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(settings, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Console.Error.WriteLine($"harvest: {failure.GetType().Name}: {failure.Message}");
            return ExitCode.Failed;
        }
    }

    private static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        var catalogue = RuntimeCatalogue.Load();
        if (settings.FailingNamespace is { } failing && catalogue.TypesOf(failing) is null)
        {
            return CommandLine.Refuse($"the catalogue has no namespace '{failing}' (try System.IO)");
        }

        await using CatalogueServer server = await CatalogueServer.StartAsync(catalogue, settings.FailingNamespace, cancellationToken);
        using var client = new CatalogueClient(server.Address);
        RuntimeSummary summary = await client.SummaryAsync(cancellationToken);
        Console.WriteLine($"{server.Address} serves {summary.Types:N0} public types of {summary.Runtime} in {summary.Namespaces:N0} namespaces");
        Console.WriteLine($"from {summary.Assemblies:N0} assemblies; an answer takes it {TypesEndpoint.MillisecondsPerAnswer} ms, and {TypesEndpoint.MillisecondsPerType} ms more for each type");

        var story = new HarvestStory(settings, catalogue, server, new Harvester(client), ProgressDisplay.ForOutput());
        return settings.FailingNamespace is null
            ? await story.CompareAsync(cancellationToken)
            : await story.FailAsync(cancellationToken);
    }
}
