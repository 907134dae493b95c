using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Quickstart;

/// <summary>A real web server on this machine's loopback interface, on a port that is free, with pages that take their time.</summary>
internal sealed class LoopbackSite : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HighWater _underWay;

    private LoopbackSite(WebApplication server, HighWater underWay)
    {
        _server = server;
        _underWay = underWay;
    }

    public Uri Address => new(_server.Urls.Single());

    /// <summary>The most requests for pages that were under way at once.</summary>
    public int MostAtOnce => _underWay.Most;

    /// <summary>Starts a site that answers <c>/pages/{name}</c> after the given delay.</summary>
    public static async Task<LoopbackSite> StartAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        // The empty builder brings no settings files, no environment variables and no logging that would change or clutter the sample.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();

        var underWay = new HighWater();
        WebApplication server = builder.Build();
        server.MapGet("/pages/{name}", async (string name, CancellationToken aborted) =>
        {
            underWay.Enter();
            try
            {
                await Task.Delay(delay, aborted);
            }
            finally
            {
                // Before the answer is sent: a client that has it may already have the next request on its way.
                underWay.Leave();
            }

            return Results.Text(string.Concat(Enumerable.Repeat($"This is page {name}. ", 50 * name.Length)));
        });
        await server.StartAsync(cancellationToken);
        return new LoopbackSite(server, underWay);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // The default lifetime would stop the server on Ctrl+C before the requests had a chance to be cancelled.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
