using System.Diagnostics;

namespace Async.Toolkit.Mutants;

/// <summary>The tools of the SDK.</summary>
internal static class Dotnet
{
    /// <summary>Runs one, which has to succeed.</summary>
    public static async Task RunAsync(string folder, string[] arguments, Action<string> onLine, CancellationToken cancellationToken)
    {
        string last = "";
        (int exitCode, string errors) = await ChildProgram.RunAsync(
            new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder },
            line =>
            {
                last = line.Length > 0 ? line : last;
                onLine(line);
            },
            cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {arguments[0]} ended with exit code {exitCode}: {last} {errors}".TrimEnd());
        }
    }
}
