using System.CommandLine;

namespace Async.Toolkit.Soak;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    public static SoakSettings? Read(string[] args, out int exitCode)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long to go on", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "The seed of a run to repeat; a new one otherwise", DefaultValueFactory = _ => Random.Shared.Next() };
        var only = new Option<long?>("--only") { Description = "The number of the one scenario to repeat, over and over" };
        var actors = new Option<int>("--actors") { Description = "How many scenarios run at once", DefaultValueFactory = _ => 16 };
        var root = new RootCommand("Mixes all parts of Async.Toolkit under random cancellation, deadlines and failures, and checks that nothing is lost or left.") { minutes, seed, only, actors };
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

        double length = parsed.GetValue(minutes);
        if (length is not (> 0 and < 100_000))
        {
            return Refuse($"--minutes must be above 0 and below 100000, not {length}");
        }

        int count = parsed.GetValue(actors);
        return count < 1
            ? Refuse($"--actors must be 1 or more, not {count}")
            : new SoakSettings(TimeSpan.FromMinutes(length), parsed.GetValue(seed), parsed.GetValue(only), count);
    }

    private static SoakSettings? Refuse(string reason)
    {
        Console.Error.WriteLine($"soak: {reason.ReplaceLineEndings(" ")}");
        return null;
    }
}
