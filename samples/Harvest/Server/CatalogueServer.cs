using System.Net;
using Harvest.Catalogue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Harvest.Server;

/// <summary>A real web server on the loopback interface that serves a catalogue as JSON, with the limits and moods of a public API.</summary>
internal sealed class CatalogueServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Throttle _throttle;

    private CatalogueServer(WebApplication server, Throttle throttle, ServerLog log)
    {
        _server = server;
        _throttle = throttle;
        Log = log;
    }

    public Uri Address => new(_server.Urls.Single());

    /// <summary>What became of the requests.</summary>
    public ServerLog Log { get; }

    public static async Task<CatalogueServer> StartAsync(RuntimeCatalogue catalogue, ServerSettings settings, CancellationToken cancellationToken)
    {
        // The empty builder brings no settings files, no environment variables and no logging that would change or clutter the sample.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();

        var log = new ServerLog();
        var throttle = new Throttle();
        WebApplication server = builder.Build();
        RouteGroupBuilder api = server.MapGroup("");

        // From the outside in: what is turned away is counted too, and does not fail by chance.
        api.AddEndpointFilter(new Counting(log));
        api.AddEndpointFilter(throttle);
        api.AddEndpointFilter(new Moods(settings.Chaos, settings.Seed));
        api.MapGet("/", () => Results.Json(catalogue.Summary, CatalogueJson.Default.RuntimeSummary));
        api.MapGet("/namespaces", () => Results.Json(catalogue.Namespaces, CatalogueJson.Default.NamespaceSummaryArray));
        api.MapGet("/namespaces/{name}/types", new TypesEndpoint(catalogue, settings.FailingNamespace).AnswerAsync);
        var pages = new PageEndpoints(catalogue.AllTypes);
        api.MapGet(Routes.ByPage, pages.ByPageAsync);
        api.MapGet(Routes.ByOffset, pages.ByOffsetAsync);
        api.MapGet(Routes.ByCursor, pages.ByCursorAsync);
        api.MapGet(Routes.ByLink, pages.ByLinkAsync);
        await server.StartAsync(cancellationToken);
        return new CatalogueServer(server, throttle, log);
    }

    /// <summary>Waits for the requests under way, then stops.</summary>
    public Task StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _throttle.Dispose();
    }

    // The default lifetime would stop the server on Ctrl+C before the requests had a chance to be cancelled.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
