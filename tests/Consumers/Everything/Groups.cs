using Async.Toolkit;
using Shared;

namespace Everything;

internal static class Groups
{
    public static async Task RunAsync(CancellationToken ct)
    {
        int sum = await TaskGroup.RunAsync(new() { Name = "sum", MaxConcurrency = 2, TraceChildren = true }, async group =>
        {
            Task<int> one = group.Run(token => NumberAsync(1, token));
            Task<int> two = group.Run(2, static (number, token) => NumberAsync(number, token));
            Task<int> three = group.Run(new() { Name = "three" }, token => NumberAsync(3, token));
            group.Start(token => Task.Delay(1, token));
            return await one + await two + await three;
        }, ct);
        Expect.That(sum == 6, "a group adds up");

        Task failing = TaskGroup.RunAsync(group =>
        {
            group.Start(_ => throw new FormatException("first"));
            group.Start(token => Task.Delay(Timeout.Infinite, token));
            return Task.CompletedTask;
        }, ct);
        await Expect.ThrowsAsync<FormatException>(() => failing);
        Expect.That(failing.Exception!.InnerExceptions.Count == 1, "the first failure cancels the siblings");

        int failures = 0;
        await TaskGroup.RunAsync(new() { FailurePolicy = FailurePolicy.Isolate, ChildFailed = _ => Interlocked.Increment(ref failures) }, group =>
        {
            group.Start(_ => throw new FormatException("alone"));
            return Task.CompletedTask;
        }, ct);
        Expect.That(failures == 1, "a supervised child fails alone");

        await Expect.ThrowsAsync<TimeoutException>(() => TaskGroup.RunAsync(new() { Timeout = TimeSpan.FromMilliseconds(10) }, group =>
        {
            group.Start(token => Task.Delay(Timeout.Infinite, token));
            return Task.CompletedTask;
        }, ct));

        await using TaskGroup open = TaskGroup.Open(new() { Name = "open" }, ct);
        Task<int> child = open.Run(token => NumberAsync(4, token));
        await open.JoinAsync();
        Expect.That(await child == 4 && open.CancellationReason == CancellationReason.None, "an open group is joined");
    }

    private static async Task<int> NumberAsync(int number, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return number;
    }
}
