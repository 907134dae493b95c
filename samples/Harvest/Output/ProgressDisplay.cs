using Spectre.Console;

namespace Harvest.Output;

/// <summary>Chooses what the output can show.</summary>
internal static class ProgressDisplay
{
    public static IProgressDisplay ForOutput() =>
        AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Ansi
            ? new TerminalDisplay(AnsiConsole.Console)
            : new PlainDisplay(Console.Out);
}
