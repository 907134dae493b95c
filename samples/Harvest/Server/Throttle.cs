using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Harvest.Server;

/// <summary>Turns away what is too much, and says when to come again, as public APIs do.</summary>
internal sealed class Throttle : IEndpointFilter, IDisposable
{
    public const int MostAtOnce = 32;
    public const int MostPerSecond = 250;
    private const int RefillsPerSecond = 10;

    private readonly ConcurrencyLimiter _places = new(new() { PermitLimit = MostAtOnce });

    private readonly TokenBucketRateLimiter _rate = new(new()
    {
        TokenLimit = MostPerSecond,
        TokensPerPeriod = MostPerSecond / RefillsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / RefillsPerSecond),
    });

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using RateLimitLease place = _places.AttemptAcquire();
        if (!place.IsAcquired)
        {
            return TurnAway(context.HttpContext, place);
        }

        using RateLimitLease permit = _rate.AttemptAcquire();
        return permit.IsAcquired ? await next(context) : TurnAway(context.HttpContext, permit);
    }

    public void Dispose()
    {
        _places.Dispose();
        _rate.Dispose();
    }

    private static IResult TurnAway(HttpContext http, RateLimitLease refused)
    {
        // The header knows whole seconds only.
        double seconds = refused.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? Math.Max(Math.Ceiling(wait.TotalSeconds), 1) : 1;
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.StatusCode(StatusCodes.Status429TooManyRequests);
    }
}
