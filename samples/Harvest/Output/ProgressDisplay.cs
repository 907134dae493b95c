using Harvest.Client;
using Harvest.Command;
using Spectre.Console;

namespace Harvest.Output;

/// <summary>Chooses what the output can show.</summary>
internal static class ProgressDisplay
{
    public static IProgressDisplay ForOutput(PatientHandler requests, Settings settings) =>
        AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Ansi && !IsDisturbed(settings)
            ? new TerminalDisplay(AnsiConsole.Console, requests)
            : new NoDisplay();

    // A live line and a tree on the same terminal would write over each other.
    private static bool IsDisturbed(Settings settings) => settings.ShowsTree && !Console.IsErrorRedirected;
}
