using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Harvest;

/// <summary>The options of the program, and the text that teaches them.</summary>
internal sealed class CommandLine
{
    private const string Lesson = """
        What happens:
          1. A real web server starts on 127.0.0.1, on a port that is free. It serves the public types of the running
             .NET runtime by namespace, as JSON, and takes a little time for each answer, as real servers do.
          2. All of it is fetched twice: one request after another, then many at once in a Gather, never more than
             the limit: the server counts how many it sees at once.
          3. Both harvests are compared, record by record, with what the server holds.

        Examples:
          dotnet run --project samples/Harvest
          dotnet run --project samples/Harvest -- --concurrency 32
          dotnet run --project samples/Harvest -- --fail System.IO
              That endpoint answers 500: the gather cancels the requests under way, starts no more of them, and throws
              the original error.

        Exit codes: 0 every record harvested, 1 the harvest failed, 2 wrong usage, 130 interrupted with Ctrl+C.
        """;

    private readonly RootCommand _root = new("Gathers a catalogue of some thousands of records from a web server, many requests at once.");

    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "How many requests may be under way at once",
        HelpName = "N",
        DefaultValueFactory = _ => 8,
    };

    private readonly Option<string?> _fail = new("--fail")
    {
        Description = "Make the endpoint of this namespace fail with HTTP 500",
        HelpName = "NAMESPACE",
    };

    private CommandLine()
    {
        _concurrency.Validators.Add(MustBePositive);
        _root.Options.Add(_concurrency);
        _root.Options.Add(_fail);
        HelpOption help = _root.Options.OfType<HelpOption>().Single();
        help.Action = new Teaching((HelpAction)help.Action!);
    }

    /// <summary>Reads the arguments: either there are settings, or the program is over with the given exit code.</summary>
    public static (Settings? Settings, int ExitCode) Read(string[] args)
    {
        var line = new CommandLine();
        ParseResult parsed = line._root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return (null, Refuse(parsed.Errors[0].Message));
        }

        // Help and version bring their own action; a harvest has none.
        if (parsed.Action is not null)
        {
            return (null, parsed.Invoke());
        }

        return (new Settings(parsed.GetValue(line._concurrency), parsed.GetValue(line._fail)), ExitCode.Succeeded);
    }

    /// <summary>Says in one line what is wrong with the arguments.</summary>
    public static int Refuse(string reason)
    {
        Console.Error.WriteLine($"harvest: {reason.ReplaceLineEndings(" ").TrimEnd('.', ' ')}; --help shows the options");
        return ExitCode.WrongUsage;
    }

    // The library's own message for text that is no number names a .NET type.
    private static void MustBePositive(OptionResult option)
    {
        if (option.Tokens is [{ Value: var given }] && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0))
        {
            option.AddError($"{option.Option.Name} must be a whole number from 1 up, not '{given}'");
        }
    }

    private sealed class Teaching(HelpAction options) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = options.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Lesson);
            return exitCode;
        }
    }
}
