using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>One operation for each item of a sequence, all at once; the results come in the order of the sequence, whichever was ready first.</summary>
internal static class GatherAll
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync(delay: TimeSpan.FromMilliseconds(300), cancellationToken);
        using var http = new HttpClient();
        string[] pages = ["one", "two", "three", "four", "five"];
        Uri[] urls = [.. pages.Select(page => new Uri(site.Address, $"pages/{page}"))];

        string[] bodies = [];
        double seconds = await Measure.SecondsAsync(async () =>
            bodies = await Gather.AllAsync(urls, (url, ct) => http.GetStringAsync(url, ct), cancellationToken));

        foreach ((Uri url, string body) in urls.Zip(bodies))
        {
            Console.WriteLine($"{url.AbsolutePath}: {body.Length:N0} characters");
        }

        Console.WriteLine($"{urls.Length} requests of 0.3 s: {seconds:F2} s");
    }
}
