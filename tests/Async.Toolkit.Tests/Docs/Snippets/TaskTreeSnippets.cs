using Async.Toolkit.Diagnostics;
using Xunit;

namespace Async.Toolkit.Tests.Docs.Snippets;

/// <summary>The code of docs/diagnostics-tree.md that runs in one process.</summary>
public sealed class TaskTreeSnippets
{
    [Fact]
    public async Task The_tree_of_a_shop()
    {
        using var output = new StringWriter();
        using var printer = new AsyncSemaphore(1);
        var printing = new Gate();

        // snippet: tree-capture
        using IDisposable on = TaskTree.Enable();
        await TaskGroup.RunAsync(new TaskGroupOptions { Name = "shop" }, async group =>
        {
            group.Start(ct => PrintAsync("invoice", ct));
            group.Start(ct => PrintAsync("receipt", ct));
            await PrintingAsync();
            output.WriteLine(TaskTree.Capture());
        });
        // end-snippet

        string tree = output.ToString();
        Assert.Contains("group 'shop' #", tree, StringComparison.Ordinal);
        Assert.Contains("ct => PrintAsync(…, ct) #", tree, StringComparison.Ordinal);
        Assert.Contains("waits for semaphore #", tree, StringComparison.Ordinal);

        async Task PrintingAsync()
        {
            await printing.Opened;
            while (printer.WaitingCount == 0)
            {
                await Task.Yield();
            }
        }

        async Task PrintAsync(string what, CancellationToken ct)
        {
            using (await printer.AcquireAsync(ct))
            {
                if (!printing.IsOpen)
                {
                    printing.Open();
                }

                while (output.GetStringBuilder().Length == 0)
                {
                    await Task.Yield();
                }
            }
        }
    }
}
