using System.Diagnostics;
using System.Text.Json;

namespace Async.Toolkit.Mutants;

/// <summary>
/// Lets dotnet-stryker make the mutants. Running the tests against them is left to <see cref="MutationRun"/>: Stryker asks an MTP program for the coverage
/// of each test at a pace that this suite does not keep, and without coverage every mutant would take the whole suite.
/// </summary>
internal static class Stryker
{
    private const string Library = "Async.Toolkit.dll";
    private const int MostShown = 100;

    /// <summary>The mutated assembly, one program of each test project with it, and the list of mutants, in the output folder.</summary>
    public static async Task<IReadOnlyList<Mutant>> MakeAsync(Settings settings, CancellationToken cancellationToken)
    {
        string report = Path.Combine(settings.Output, "stryker", "reports", "mutation-report.json");
        if (!File.Exists(report))
        {
            Console.WriteLine("mutants: being made, which takes some minutes");
            await BuildAsync(settings, Settings.Tests[1], cancellationToken);
            await DotnetAsync(settings.Root, ["tool", "restore"], cancellationToken: cancellationToken);
            string config = Path.Combine(settings.Root, "tests", "Async.Toolkit.Mutants", "stryker-config.json");
            await DotnetAsync(
                Path.Combine(settings.Root, "tests", Settings.Tests[0]),
                ["stryker", "-f", config, "-O", Path.Combine(settings.Output, "stryker")],
                () => CopyPrograms(settings),
                cancellationToken);
        }
        else if (settings.Again)
        {
            foreach (string program in Settings.Tests)
            {
                await BuildAsync(settings, program, cancellationToken);
            }

            CopyPrograms(settings);
        }

        return Read(report, settings.Root);
    }

    private static Task BuildAsync(Settings settings, string program, CancellationToken cancellationToken) =>
        DotnetAsync(settings.Root, ["build", Path.Combine("tests", program), "-c", "Release", "-nodeReuse:false"], cancellationToken: cancellationToken);

    // The mutated assembly lies in the output of the first project as long as Stryker runs, and nowhere else; once it is here, it stays.
    private static void CopyPrograms(Settings settings)
    {
        string mutated = Path.Combine(settings.Output, Library);
        if (!File.Exists(mutated))
        {
            File.Copy(Path.Combine(BuiltIn(settings, Settings.Tests[0]), Library), mutated);
        }

        foreach (string program in Settings.Tests)
        {
            string from = BuiltIn(settings, program);
            foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                string to = Path.Combine(settings.OutputOf(program), Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to, overwrite: true);
            }

            File.Copy(mutated, Path.Combine(settings.OutputOf(program), Library), overwrite: true);
        }
    }

    private static string BuiltIn(Settings settings, string program) => Path.Combine(settings.Root, "tests", program, "bin", "Release", "net10.0");

    private static async Task DotnetAsync(string folder, string[] arguments, Action? whenMutated = null, CancellationToken cancellationToken = default)
    {
        using var tool = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        using CancellationTokenRegistration kill = cancellationToken.Register(() => tool.Kill(entireProcessTree: true));
        string last = "";
        while (await tool.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            last = line.Length > 0 ? line : last;
            if (line.Contains("mutants created", StringComparison.Ordinal))
            {
                whenMutated?.Invoke();
            }
        }

        await tool.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (tool.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {arguments[0]} ended with exit code {tool.ExitCode}: {last}");
        }
    }

    private static List<Mutant> Read(string report, string root)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        var mutants = new List<Mutant>();
        foreach (JsonProperty file in json.RootElement.GetProperty("files").EnumerateObject())
        {
            string name = Path.GetRelativePath(Path.Combine(root, "src", "Async.Toolkit"), file.Name).Replace('\\', '/');
            string[] source = file.Value.GetProperty("source").GetString()!.Split('\n');
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                // What does not compile is none; what is ignored is the removal of a block whose statements have mutants of their own.
                if (mutant.GetProperty("status").GetString() is not ("Ignored" or "CompileError"))
                {
                    JsonElement location = mutant.GetProperty("location");
                    (int Line, int Column) start = At(location, "start");
                    mutants.Add(new(
                        int.Parse(mutant.GetProperty("id").GetString()!, null),
                        name,
                        start.Line,
                        OnOneLine(Between(source, start, At(location, "end"))),
                        OnOneLine(mutant.GetProperty("replacement").GetString()!)));
                }
            }
        }

        return mutants;
    }

    private static (int Line, int Column) At(JsonElement location, string end) =>
        (location.GetProperty(end).GetProperty("line").GetInt32(), location.GetProperty(end).GetProperty("column").GetInt32());

    private static string Between(string[] source, (int Line, int Column) start, (int Line, int Column) end) =>
        start.Line == end.Line
            ? source[start.Line - 1][(start.Column - 1)..(end.Column - 1)]
            : string.Join('\n', [source[start.Line - 1][(start.Column - 1)..], .. source[start.Line..(end.Line - 1)], source[end.Line - 1][..(end.Column - 1)]]);

    // As much as tells one mutant from the others.
    private static string OnOneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostShown ? line : $"{line[..MostShown]}…";
    }
}
