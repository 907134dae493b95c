using Harvest.Client;
using Spectre.Console;

namespace Harvest.Output;

/// <summary>A live bar for each harvest.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console) : IProgressDisplay
{
    public Task<T> ShowAsync<T>(string title, Func<HarvestTally, Task<T>> harvest) =>
        console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(title));
                bar.IsIndeterminate = true;
                return harvest(new HarvestTally { Changed = tally => Show(tally, bar) });
            });

    private static void Show(HarvestTally tally, ProgressTask bar)
    {
        bar.IsIndeterminate = false;
        bar.MaxValue = tally.Namespaces;
        bar.Value = tally.Gathered;
    }
}
