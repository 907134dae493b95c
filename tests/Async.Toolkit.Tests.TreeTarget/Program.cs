using System.Globalization;
using Async.Toolkit;
using Async.Toolkit.Diagnostics;

// A program that tests look into from outside: TreeTarget <children> <on|off> <free|blocked>. It says when all children run, with the tree on or off, and
// when no thread of the pool is free, where that is wanted; it ends with its standard input. No test waits for anything else of it.
int children = int.Parse(args[0], CultureInfo.InvariantCulture);
using IDisposable? tree = args[1] == "on" ? TaskTree.Enable() : null;
var release = new TaskCompletionSource();
using var allRun = new CountdownEvent(children + 1);

_ = TaskGroup.RunAsync(new TaskGroupOptions { Name = "crowd" }, async group =>
{
    for (int i = 0; i < children; i++)
    {
        group.Start(async _ =>
        {
            allRun.Signal();
            await release.Task;
        });
    }

    await TaskGroup.RunAsync(
        new TaskGroupOptions { Name = "second" },
        async _ =>
        {
            allRun.Signal();
            await release.Task;
        },
        group.CancellationToken);
});

// Not awaited: what follows must not run on the pool.
allRun.Wait();
if (args[2] == "blocked")
{
    ThreadPool.GetMinThreads(out int threads, out _);
    ThreadPool.SetMaxThreads(threads, threads);
    using var allBlocked = new CountdownEvent(threads);
    for (int i = 0; i < threads; i++)
    {
        ThreadPool.UnsafeQueueUserWorkItem(
            static blocked =>
            {
                blocked.Signal();
                Thread.Sleep(Timeout.Infinite);
            },
            allBlocked,
            preferLocal: false);
    }

    allBlocked.Wait();
}

Console.WriteLine("ready");
Console.ReadLine();
Environment.Exit(0);
