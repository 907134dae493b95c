using System.Diagnostics;

namespace Async.Toolkit.Mutants;

/// <summary>One test program with the mutated assembly, which tells by environment variables which mutant is active and what is covered.</summary>
internal sealed class TestProgram(string name, string folder)
{
    public string Name => name;

    public bool IsMade => Directory.Exists(folder);

    /// <summary>Builds the tests as they are now, and puts the mutated assembly into a copy of the program.</summary>
    public async Task MakeAsync(Settings settings, CancellationToken cancellationToken)
    {
        await Dotnet.RunAsync(settings.Root, ["build", Path.Combine("tests", name), "-c", "Release", "-nodeReuse:false"], static _ => { }, cancellationToken);
        await Whole.FolderAsync(folder, making =>
        {
            string built = settings.BuiltIn(name);
            foreach (string file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
            {
                string to = Path.Combine(making, Path.GetRelativePath(built, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }

            File.Copy(settings.Mutated, Path.Combine(making, Settings.Library), overwrite: true);
            return Task.CompletedTask;
        });
    }

    /// <summary>All its classes of tests.</summary>
    public async Task<IReadOnlyList<string>> ClassesAsync(CancellationToken cancellationToken)
    {
        (int exitCode, IReadOnlyList<string> output) = await RunAsync(["-list", "classes"], [], cancellationToken);
        return exitCode == 0
            ? [.. output.Where(line => line.StartsWith(name + ".", StringComparison.Ordinal))]
            : throw new InvalidOperationException($"{name} does not list its classes, but ends with exit code {exitCode}: {string.Join(' ', output)}");
    }

    /// <summary>Which mutants a class of tests comes by; <see langword="null"/> when it fails where that is looked at, so that nobody knows.</summary>
    /// <param name="testClass">The class.</param>
    /// <param name="scratch">A folder of its own.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task<HashSet<int>?> CoveredAsync(string testClass, string scratch, CancellationToken cancellationToken)
    {
        // What an earlier call has left there would be read with it.
        Whole.Remove(scratch);
        Directory.CreateDirectory(scratch);
        (int exitCode, _) = await RunAsync(["-class", testClass], [("STRYKER_COVERAGE_FILE", "covered.txt"), ("TMPDIR", scratch), ("TMP", scratch)], cancellationToken);
        return exitCode != 0 ? null :
        [
            .. from file in Directory.EnumerateFiles(scratch, "covered-*.txt")
               from id in File.ReadAllText(file).Split([',', ';'], StringSplitOptions.RemoveEmptyEntries)
               select int.Parse(id, null)
        ];
    }

    /// <summary>Runs classes of tests up to the first failure, which is returned; <see langword="null"/> when all have passed.</summary>
    public async Task<string?> FirstFailureAsync(IEnumerable<string> classes, int mutant, CancellationToken cancellationToken)
    {
        (int exitCode, IReadOnlyList<string> output) = await RunAsync(
            ["-stopOnFail", .. classes.SelectMany(static one => new[] { "-class", one })],
            [("STRYKER_MUTANT_ID_CONTROL_VAR", "ACTIVE_MUTANT"), ("ACTIVE_MUTANT", mutant.ToString(null as IFormatProvider))],
            cancellationToken);
        return exitCode == 0 ? null : output.FirstOrDefault(static line => line.EndsWith("[FAIL]", StringComparison.Ordinal)) ?? $"exit code {exitCode}";
    }

    private async Task<(int ExitCode, IReadOnlyList<string> Output)> RunAsync(string[] arguments, (string Name, string Value)[] environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, name + ".dll"), "-noColor", "-noLogo", .. arguments]) { WorkingDirectory = folder };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        List<string> output = [];
        (int exitCode, _) = await ChildProgram.RunAsync(start, line => output.Add(line.Trim()), cancellationToken);
        return (exitCode, output);
    }
}
