using Harvest.Client;
using Spectre.Console;

namespace Harvest.Output;

/// <summary>Chooses what the output can show.</summary>
internal static class ProgressDisplay
{
    public static IProgressDisplay ForOutput(PatientHandler requests) =>
        AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Ansi
            ? new TerminalDisplay(AnsiConsole.Console, requests)
            : new NoDisplay();
}
