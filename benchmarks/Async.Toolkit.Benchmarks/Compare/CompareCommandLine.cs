using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Async.Toolkit.Benchmarks.Strategies;

namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>The options of the command, and the text that teaches them.</summary>
internal sealed class CompareCommandLine
{
    private const int MostItems = 10_000_000;
    private const int MostRounds = 1_000;

    private static readonly string Lesson = $"""
        What happens:
          Every strategy does the same work in every round, and takes its turn in another order each time. One more round samples the
          memory that is alive, and one lets items fail, to see what becomes of the others. With --latency none, semaphore wraps each
          item in Task.Run: one thread would do all of the work otherwise.

        Strategies: {string.Join(", ", Strategy.All.Select(static strategy => strategy.Name))}

        Examples:
          compare
          compare --items 2000 --latency exp:20ms --concurrency 100
          compare --items 20000 --latency none --cpu 20us --strategies parallel,dataflow,gather
          compare --latency uniform:1ms..50ms --failures 0.01

        Exit codes: 0 compared, 1 a strategy broke, 2 wrong usage, 130 interrupted with Ctrl+C.
        """;

    private readonly RootCommand _root = new("Compares ways to run your work for many items at once: time, memory, items in flight, and what a failure does to the others.");
    private readonly Option<string> _items = Text("--items", "How many items there are", "N", $"{CompareSettings.Default.Items}");
    private readonly Option<string> _latency = Text("--latency", "How long an item waits: 5ms, exp:20ms, uniform:1ms..50ms, yield, none", "TIME", $"{CompareSettings.Default.Latency}");
    private readonly Option<string> _cpu = Text("--cpu", "How long it computes after that, on a core of its own", "TIME", Duration.Show(CompareSettings.Default.Cpu));
    private readonly Option<string> _concurrency = Text("--concurrency", "How many items may be in flight at once", "N", $"{CompareSettings.Default.Concurrency}");
    private readonly Option<string> _failures = Text("--failures", "The share of items that fail in the round with failures: 0 to 1, 0 for no such round, one for a single item in the middle", "SHARE", "one");
    private readonly Option<string> _strategies = Text("--strategies", "Which take part, with commas between", "NAMES", "all");
    private readonly Option<string> _rounds = Text("--rounds", "How often each is measured", "N", $"{CompareSettings.Default.Rounds}");
    private readonly Option<string> _out = Text("--out", "The folder for report.json, report.md and chart.png", "FOLDER", CompareSettings.Default.Out);
    private readonly Option<string> _seed = Text("--seed", "The seed of waits, failures and orders", "N", $"{CompareSettings.Default.Seed}");

    private CompareCommandLine()
    {
        foreach (Option<string> option in new[] { _items, _latency, _cpu, _concurrency, _failures, _strategies, _rounds, _out, _seed })
        {
            _root.Options.Add(option);
        }

        HelpOption help = _root.Options.OfType<HelpOption>().Single();
        help.Action = new Teaching((HelpAction)help.Action!);
    }

    /// <summary>Reads the arguments: either there are settings, or the program is over with the given exit code.</summary>
    public static (CompareSettings? Settings, int ExitCode) Read(string[] args, TextWriter output, TextWriter errors)
    {
        var line = new CompareCommandLine();
        ParseResult parsed = line._root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return (null, ExitCode.Refuse(errors, parsed.Errors[0].Message));
        }

        // Help and version bring their own action; a comparison has none.
        if (parsed.Action is not null)
        {
            return (null, parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors }));
        }

        try
        {
            return (line.Settings(parsed), ExitCode.Succeeded);
        }
        catch (FormatException wrong)
        {
            return (null, ExitCode.Refuse(errors, wrong.Message));
        }
    }

    private static Option<string> Text(string name, string description, string helpName, string standard) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
    };

    private CompareSettings Settings(ParseResult parsed)
    {
        return new CompareSettings
        {
            Items = Whole(_items, 1, MostItems),
            Latency = Read(_latency, Latency.Parse),
            Cpu = Read(_cpu, Duration.Parse),
            Concurrency = Whole(_concurrency, 1, int.MaxValue / 2),
            Failures = Read(_failures, Share),
            Strategies = Read(_strategies, Names),
            Rounds = Whole(_rounds, 1, MostRounds),
            Out = Read(_out, static folder => string.IsNullOrWhiteSpace(folder) ? throw new FormatException("is empty") : folder),
            Seed = Whole(_seed, 0, int.MaxValue),
        };

        T Read<T>(Option<string> option, Func<string, T> parse)
        {
            try
            {
                return parse(parsed.GetValue(option)!);
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"{option.Name}: {wrong.Message}");
            }
        }

        int Whole(Option<string> option, int least, int most) => Read(option, text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
                ? number
                : throw new FormatException($"must be a whole number from {least} to {most}, not '{text}'"));
    }

    private static double? Share(string text) =>
        text == "one" ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1 ? share
        : throw new FormatException($"must be a share from 0 to 1, or one, not '{text}'");

    private static Strategy[] Names(string text)
    {
        if (text == "all")
        {
            return [.. Strategy.All];
        }

        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (string name in names)
        {
            if (!Strategy.All.Any(strategy => strategy.Name == name))
            {
                throw new FormatException($"there is no strategy '{name}', only {string.Join(", ", Strategy.All.Select(static strategy => strategy.Name))}");
            }
        }

        return names.Distinct().Count() == names.Length
            ? [.. names.Select(Strategy.Named)]
            : throw new FormatException($"'{text}' names a strategy twice");
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
