using Async.Toolkit.Benchmarks.Strategies;
using Spectre.Console;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>A live bar over all runs. It is drawn between them and never meanwhile: what it allocates and computes would be measured too.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console) : IProgressDisplay
{
    public Task ShowAsync(int runs, Func<Action<string, Strategy>, Task> comparison) =>
        console.Progress()
            .AutoRefresh(false)
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("compare", maxValue: runs);
                int begun = 0;
                await comparison((stage, strategy) =>
                {
                    bar.Value = begun++;
                    bar.Description = Markup.Escape($"{stage}: {strategy.Title}");
                    context.Refresh();
                });
                bar.Value = runs;
            });
}
