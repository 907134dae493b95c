using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>A gather with a limit: the next request starts when one of those under way has ended. The server tells whether it was kept.</summary>
internal static class GatherThrottled
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync(delay: TimeSpan.FromMilliseconds(300), cancellationToken);
        using var http = new HttpClient();
        Uri[] urls = [.. Enumerable.Range(1, 10).Select(page => new Uri(site.Address, $"pages/{page}"))];

        string[] bodies = [];
        double seconds = await Measure.SecondsAsync(async () =>
            bodies = await Gather.AllAsync(urls, maxConcurrency: 3, (url, ct) => http.GetStringAsync(url, ct), cancellationToken));

        Console.WriteLine($"{bodies.Length} requests of 0.3 s, three at a time: {seconds:F2} s");
        Console.WriteLine($"the most that the server saw at once: {site.MostAtOnce}");
    }
}
