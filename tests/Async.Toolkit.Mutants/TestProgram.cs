using System.Diagnostics;

namespace Async.Toolkit.Mutants;

/// <summary>One test program with the mutated assembly, which tells by environment variables which mutant is active and what is covered.</summary>
internal sealed class TestProgram(string name, string folder)
{
    public string Name => name;

    public async Task<IReadOnlyList<string>> ClassesAsync(CancellationToken cancellationToken)
    {
        (_, string output) = await RunAsync(["-list", "classes"], [], cancellationToken);
        return [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith(name + ".", StringComparison.Ordinal))];
    }

    /// <summary>Which mutants a class of tests comes by.</summary>
    /// <param name="testClass">The class.</param>
    /// <param name="scratch">A folder of its own.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task<HashSet<int>> CoveredAsync(string testClass, string scratch, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(scratch);
        await RunAsync(["-class", testClass], [("STRYKER_COVERAGE_FILE", "covered.txt"), ("TMPDIR", scratch), ("TMP", scratch)], cancellationToken);
        return
        [
            .. from file in Directory.EnumerateFiles(scratch, "covered-*.txt")
               from id in File.ReadAllText(file).Split([',', ';'], StringSplitOptions.RemoveEmptyEntries)
               select int.Parse(id, null)
        ];
    }

    /// <summary>Runs classes of tests up to the first failure, which is returned; <see langword="null"/> when all have passed.</summary>
    public async Task<string?> FirstFailureAsync(IEnumerable<string> classes, int mutant, CancellationToken cancellationToken)
    {
        (int exitCode, string output) = await RunAsync(
            ["-stopOnFail", .. classes.SelectMany(static one => new[] { "-class", one })],
            [("STRYKER_MUTANT_ID_CONTROL_VAR", "ACTIVE_MUTANT"), ("ACTIVE_MUTANT", mutant.ToString(null as IFormatProvider))],
            cancellationToken);
        return exitCode == 0 ? null
            : output.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(static line => line.EndsWith("[FAIL]", StringComparison.Ordinal)) ?? $"exit code {exitCode}";
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, (string Name, string Value)[] environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, name + ".dll"), "-noColor", "-noLogo", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        using var program = Process.Start(start)!;
        program.StandardInput.Close();
        Task<string> errors = program.StandardError.ReadToEndAsync(CancellationToken.None);
        Task<string> output = program.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            await program.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            if (!program.HasExited)
            {
                program.Kill(entireProcessTree: true);
            }

            await Task.WhenAll(errors, output);
        }

        return (program.ExitCode, await output);
    }
}
