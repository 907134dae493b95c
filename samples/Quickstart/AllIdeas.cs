using Quickstart.Ideas;

namespace Quickstart;

/// <summary>The ideas in the order in which they build on one another. A new one is a file under Ideas and a line here.</summary>
internal static class AllIdeas
{
    public static IReadOnlyList<Idea> InOrder { get; } =
    [
        new("waits", "Three one-second waits, one after another and together", Waits.RunAsync),
        new("lazy", "Async code that does nothing until it is asked", Lazy.RunAsync),
        new("fetch", "Several URLs at once", Fetch.RunAsync),
        new("failure", "A failing child cancels the others", Failure.RunAsync),
        new("cpu", "CPU-bound work and where it belongs", CpuBound.RunAsync),
        new("limit", "A two-second limit on a ten-second operation", TimeLimit.RunAsync),
        new("semaphore", "Ten requests, three permits", Ideas.Semaphore.RunAsync),
        new("gather", "Several URLs at once, with one call", GatherAll.RunAsync),
        new("throttle", "Ten requests, three at a time", GatherThrottled.RunAsync),
        new("settled", "Every outcome, also of the request that fails", GatherSettled.RunAsync),
        new("loop", "An event loop: all code on one thread, as in asyncio", Loop.RunAsync),
    ];

    public static Idea? Find(string name) => InOrder.FirstOrDefault(idea => idea.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
