using Async.Toolkit;
using Async.Toolkit.Diagnostics;

namespace Harvest.Output;

/// <summary>Prints the live task tree while something runs: every second, and once more at its end.</summary>
internal static class TreePrinter
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work in a group of its own, with the tree on, and gives its result.</summary>
    public static async Task<T> AlongAsync<T>(string name, Func<CancellationToken, Task<T>> work, TextWriter output, CancellationToken cancellationToken)
    {
        using IDisposable on = TaskTree.Enable();
        return await TaskGroup.RunAsync(new TaskGroupOptions { Name = "with tree" }, async group =>
        {
            Task<T> running = group.Run(new ChildOptions { Name = name }, work);
            do
            {
                Print(output);

                // Without a token: what is being canceled is worth a look too.
                await Task.WhenAny(running, Task.Delay(Period, CancellationToken.None));
            }
            while (!running.IsCompleted);

            Print(output);
            return await running;
        }, cancellationToken);
    }

    private static void Print(TextWriter output)
    {
        try
        {
            output.WriteLine(TaskTree.Capture());
        }
        catch (IOException)
        {
            // Whoever looks on may leave: the work goes on.
        }
    }
}
