using System.CommandLine;

namespace Async.Toolkit.Mutants;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    public static Settings? Read(string[] args, out int exitCode)
    {
        var workers = new Option<int>("--workers") { Description = "How many test programs run at once", DefaultValueFactory = _ => 2 * Environment.ProcessorCount };
        var seconds = new Option<double>("--seconds") { Description = "How long the tests against one mutant may take without it", DefaultValueFactory = _ => 10 };
        var only = new Option<string?>("--only") { Description = "A part of the names of the source files, such as Limiting/" };
        var again = new Option<bool>("--again") { Description = "Try those that survived once more, with the tests as they are now" };
        var root = new RootCommand("Runs the tests against every mutant of Async.Toolkit, and says which survive. Takes hours; goes on where it stopped.") { workers, seconds, only, again };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count == 0 && parsed.Action is not null)
        {
            exitCode = parsed.Invoke();
            return null;
        }

        exitCode = 2;
        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed.Errors[0].Message);
        }

        int count = parsed.GetValue(workers);
        if (count is < 1 or > 1000)
        {
            return Refuse($"--workers must be 1 to 1000, not {count}");
        }

        double length = parsed.GetValue(seconds);
        if (length is not (> 0 and < 100_000))
        {
            return Refuse($"--seconds must be above 0 and below 100000, not {length}");
        }

        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Async.Toolkit.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder is null
            ? Refuse("this program has to stand in the repository that it tests")
            : new Settings(folder, Path.Combine(folder, "artifacts", "mutants"), count, length, parsed.GetValue(only), parsed.GetValue(again));
    }

    private static Settings? Refuse(string reason)
    {
        Console.Error.WriteLine($"mutants: {reason.ReplaceLineEndings(" ")}");
        return null;
    }
}
