using System.Net;
using Harvest.Catalogue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Harvest.Server;

/// <summary>A real web server on the loopback interface that serves a catalogue as JSON.</summary>
internal sealed class CatalogueServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private CatalogueServer(WebApplication server, ServerLog log)
    {
        _server = server;
        Log = log;
    }

    public Uri Address => new(_server.Urls.Single());

    /// <summary>What became of the requests for types.</summary>
    public ServerLog Log { get; }

    /// <param name="catalogue">What is served.</param>
    /// <param name="failingNamespace">The namespace whose endpoint answers 500; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    public static async Task<CatalogueServer> StartAsync(RuntimeCatalogue catalogue, string? failingNamespace, CancellationToken cancellationToken)
    {
        // The empty builder brings no settings files, no environment variables and no logging that would change or clutter the sample.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();

        var log = new ServerLog();
        WebApplication server = builder.Build();
        server.MapGet("/", () => Results.Json(catalogue.Summary, CatalogueJson.Default.RuntimeSummary));
        server.MapGet("/namespaces", () => Results.Json(catalogue.Namespaces, CatalogueJson.Default.NamespaceSummaryArray));
        var types = new TypesEndpoint(catalogue, failingNamespace, log);
        server.MapGet("/namespaces/{name}/types", types.AnswerAsync);
        await server.StartAsync(cancellationToken);
        return new CatalogueServer(server, log);
    }

    /// <summary>Waits for the requests under way, then stops.</summary>
    public Task StopAsync() => _server.StopAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // The default lifetime would stop the server on Ctrl+C before the requests had a chance to be cancelled.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
