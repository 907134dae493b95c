using System.Threading.RateLimiting;

namespace Harvest.Client;

/// <summary>Limits for the number of requests in a second.</summary>
internal static class RequestRate
{
    // A late timer must not cost any of the rate, so a twentieth of a second's requests may catch up.
    private const int CatchUpShare = 20;

    // The limiter's timer counts whole milliseconds: a period below one would never come again, and a short one be far from what was asked for.
    private const int MostRefillsPerSecond = 50;

    /// <summary>A limiter that spreads requests over the second and has any number of them wait.</summary>
    public static RateLimiter PerSecond(int requests)
    {
        int perRefill = (int)Math.Ceiling(requests / (double)MostRefillsPerSecond);
        return new TokenBucketRateLimiter(new()
        {
            TokensPerPeriod = perRefill,
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(Math.Ceiling(1000.0 * perRefill / requests)),
            TokenLimit = 1 + (requests / CatchUpShare),
            QueueLimit = int.MaxValue,
        });
    }
}
