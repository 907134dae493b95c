using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>Every outcome is wanted, also that of the items that fail: nothing is thrown, and no failure cancels the others.</summary>
internal static class GatherSettled
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync(delay: TimeSpan.FromMilliseconds(300), cancellationToken);
        using var http = new HttpClient();
        string[] paths = ["pages/one", "no-such-page", "pages/three"];
        Uri[] urls = [.. paths.Select(path => new Uri(site.Address, path))];

        Settled<string>[] outcomes = await Gather.SettledAsync(urls, (url, ct) => http.GetStringAsync(url, ct), cancellationToken);

        foreach ((Uri url, Settled<string> outcome) in urls.Zip(outcomes))
        {
            string told = outcome.TryGetValue(out string? body) ? $"{body.Length:N0} characters" : $"{outcome}";
            Console.WriteLine($"{url.AbsolutePath}: {told}");
        }
    }
}
