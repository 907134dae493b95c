using Async.Toolkit;
using Shared;

namespace Everything;

internal static class Loops
{
    public static void Run(CancellationToken ct)
    {
        int thread = Environment.CurrentManagedThreadId;
        int posted = 0;
        int result = EventLoop.Run(new() { Name = "loop" }, async token =>
        {
            EventLoop.Current.Group.Start(ending => Task.Delay(Timeout.Infinite, ending));
            EventLoop.Current.Post(() => posted++);
            await Task.Delay(1, token);
            return thread == Environment.CurrentManagedThreadId ? 1 : 0;
        }, ct);
        Expect.That(result == 1 && posted == 1, "a loop keeps to its thread");
    }
}
