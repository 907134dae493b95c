using Async.Toolkit.Benchmarks.Compare.Output;
using Spectre.Console;

namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>The command from its arguments to its exit code.</summary>
internal static class CompareCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        bool isTerminal = AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Ansi;
        IProgressDisplay display = isTerminal ? new TerminalDisplay(AnsiConsole.Console) : new PlainDisplay(Console.Out);
        (CompareSettings? settings, int exitCode) = CompareCommandLine.Read(args, Console.Out, Console.Error);
        return settings is null
            ? Task.FromResult(exitCode)
            : AsyncApp.RunAsync(cancellationToken => RunAsync(settings, AnsiConsole.Console, display, Console.Error, cancellationToken));
    }

    /// <summary>Compares, shows and writes. Whatever goes wrong, the folder holds a whole report or none of it.</summary>
    public static async Task<int> RunAsync(CompareSettings settings, IAnsiConsole console, IProgressDisplay display, TextWriter errors, CancellationToken cancellationToken)
    {
        // Before the work: nobody wants to hear after a minute that there is no place for the result.
        using ReportFolder? folder = ReportFolder.TryOpen(settings.Out, out string? reason);
        if (folder is null)
        {
            return ExitCode.Refuse(errors, $"--out: {reason}");
        }

        CompareResult result;
        try
        {
            result = await new Comparison(settings).RunAsync(display, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            errors.WriteLine($"compare: {failure.GetType().Name}: {failure.Message}");
            return ExitCode.Failed;
        }

        ResultTables.Show(result, console);
        try
        {
            folder.Write(
                ("report.json", JsonReport.Render(result)),
                ("report.md", MarkdownReport.Render(result)),
                ("chart.png", ResultChart.Render(result)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ExitCode.Refuse(errors, $"--out: {failure.Message}");
        }

        console.WriteLine($"report.md, report.json and chart.png are in {settings.Out}");
        return ExitCode.Succeeded;
    }
}
