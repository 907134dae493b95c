using Async.Toolkit;

namespace Quickstart.Ideas;

/// <summary>Several URLs at once: each request is a child, and each child's task is its answer.</summary>
internal static class Fetch
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync(delay: TimeSpan.FromMilliseconds(300), cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(site.Address, "pages/") };
        string[] pages = ["one", "two", "three", "four", "five"];

        // The first request opens a connection and compiles the code on its way; it would blur the comparison.
        await http.GetStringAsync("warm-up", cancellationToken);

        double oneAfterAnother = await Measure.SecondsAsync(async () =>
        {
            foreach (string page in pages)
            {
                await http.GetStringAsync(page, cancellationToken);
            }
        });

        string[] bodies = [];
        double together = await Measure.SecondsAsync(async () => bodies = await TaskGroup.RunAsync(
            async group =>
            {
                IEnumerable<Task<string>> requests = pages.Select(page => group.Run(ct => http.GetStringAsync(page, ct)));
                return await Task.WhenAll(requests);
            },
            cancellationToken));

        foreach ((string page, string body) in pages.Zip(bodies))
        {
            Console.WriteLine($"/pages/{page}: {body.Length:N0} characters");
        }

        Console.WriteLine($"one after another: {oneAfterAnother:F2} s");
        Console.WriteLine($"together:          {together:F2} s");
    }
}
