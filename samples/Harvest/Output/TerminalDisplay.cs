using Harvest.Client;
using Spectre.Console;

namespace Harvest.Output;

/// <summary>A live line for the harvest that runs, which makes room for its result in the end.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console, PatientHandler requests) : IProgressDisplay
{
    public Task<T> ShowAsync<T>(string title, Func<HarvestTally, Task<T>> harvest) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(context =>
            {
                int before = requests.Repeated;
                ProgressTask bar = context.AddTask(Markup.Escape(title));
                bar.IsIndeterminate = true;
                return harvest(new HarvestTally { Changed = tally => Show(title, tally, requests.Repeated - before, bar) });
            });

    private static void Show(string title, HarvestTally tally, int repeated, ProgressTask bar)
    {
        bar.Description = Markup.Escape($"{title}  {tally.Records,7:N0} records, {repeated:N0} requests repeated");
        if (tally.Expected > 0)
        {
            bar.IsIndeterminate = false;
            bar.MaxValue = tally.Expected;
            bar.Value = tally.Records;
        }
    }
}
