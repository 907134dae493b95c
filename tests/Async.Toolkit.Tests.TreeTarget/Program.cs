using System.Globalization;
using Async.Toolkit;
using Async.Toolkit.Diagnostics;

// A program that tests look into from outside: TreeTarget <children> <on|switch|off> <free|blocked|starved>. It says when all children run and, where that
// is wanted, no thread of the pool is free any more, or when no child can ever run because none was free before. It ends with its standard input.
int children = int.Parse(args[0], CultureInfo.InvariantCulture);
if (args[1] == "switch")
{
    AppContext.SetSwitch("Async.Toolkit.TaskTree", true);
}

using IDisposable? tree = args[1] == "on" ? TaskTree.Enable() : null;
if (args[2] == "starved")
{
    BlockPool();
}

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
if (args[2] != "starved")
{
    allRun.Wait();
}

if (args[2] == "blocked")
{
    BlockPool();
}

Console.WriteLine("ready");
Console.ReadLine();
Environment.Exit(0);

static void BlockPool()
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
