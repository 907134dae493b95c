using System.Threading.RateLimiting;

namespace Harvest.Client;

/// <summary>Limits for the number of requests in a second.</summary>
internal static class RequestRate
{
    // A late timer must not cost any of the rate, so a twentieth of a second's requests may catch up.
    private const int CatchUpShare = 20;

    /// <summary>A limiter that spreads requests evenly and has any number of them wait.</summary>
    public static RateLimiter PerSecond(int requests) => new TokenBucketRateLimiter(new()
    {
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / requests),
        TokenLimit = 1 + (requests / CatchUpShare),
        QueueLimit = int.MaxValue,
    });
}
