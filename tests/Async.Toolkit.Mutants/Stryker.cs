using System.Text.Json;

namespace Async.Toolkit.Mutants;

/// <summary>
/// Lets dotnet-stryker make the mutants. Running the tests against them is left to <see cref="MutationRun"/>: Stryker asks an MTP program for the coverage
/// of each test at a pace that this suite does not keep, and without coverage every mutant would take the whole suite.
/// </summary>
internal static class Stryker
{
    private const int MostShown = 100;

    /// <summary>All mutants; what is there already is not made again.</summary>
    public static async Task<IReadOnlyList<Mutant>> MutantsAsync(Settings settings, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(settings.Made))
        {
            Console.WriteLine("mutants: being made, which takes some minutes");
            await Whole.FolderAsync(settings.Made, making => MakeAsync(settings, making, cancellationToken));
        }

        return Read(Path.Combine(settings.Made, "reports", "mutation-report.json"));
    }

    private static async Task MakeAsync(Settings settings, string making, CancellationToken cancellationToken)
    {
        string tests = settings.Programs[0].Name;
        string built = settings.BuiltIn(tests);
        string config = Path.Combine(settings.Root, "tests", "Async.Toolkit.Mutants", "stryker-config.json");
        await Dotnet.RunAsync(settings.Root, ["tool", "restore"], static _ => { }, cancellationToken);
        try
        {
            await Dotnet.RunAsync(Path.Combine(settings.Root, "tests", tests), ["stryker", "-f", config, "-O", making], CopyMutated, cancellationToken);
        }
        finally
        {
            // Stryker puts the library's own back only where it comes to its end, and later from a copy that may be old by then. Without any, the next
            // build does it.
            foreach (string left in Directory.Exists(built) ? Directory.EnumerateFiles(built, Settings.Library + "*") : [])
            {
                File.Delete(left);
            }
        }

        if (!File.Exists(Path.Combine(making, Settings.Library)))
        {
            throw new InvalidOperationException("dotnet stryker has not said when the mutants were created");
        }

        // The mutated assembly lies in the output of the tests as long as Stryker runs, and nowhere else.
        void CopyMutated(string line)
        {
            if (line.Contains("mutants created", StringComparison.Ordinal))
            {
                File.Copy(Path.Combine(built, Settings.Library), Path.Combine(making, Settings.Library), overwrite: true);
            }
        }
    }

    private static List<Mutant> Read(string report)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        string root = json.RootElement.GetProperty("projectRoot").GetString()!;
        var mutants = new List<Mutant>();
        foreach (JsonProperty file in json.RootElement.GetProperty("files").EnumerateObject())
        {
            string name = Path.GetRelativePath(root, file.Name).Replace('\\', '/');
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
