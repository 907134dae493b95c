using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Harvest.Client;
using Harvest.Server;

namespace Harvest.Command;

/// <summary>The options of the program, and the settings that they make.</summary>
internal sealed class CommandLine
{
    private readonly RootCommand _root = new("Gathers a catalogue of some thousands of records from a web server: many requests at once, and page by page.");

    private readonly Option<string?> _style = new("--style") { Description = "Harvest by pages found in this way only: by number, offset, cursor or Link header; without --out all ways, with it page", HelpName = "page|offset|cursor|link" };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "How many requests may be under way at once", HelpName = "N", DefaultValueFactory = _ => 8 };
    private readonly Option<int> _prefetch = new("--prefetch") { Description = "How many pages to fetch ahead, by cursor and by link", HelpName = "N", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _pageSize = new("--page-size") { Description = "How many records to ask for in a page", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<int?> _rate = new("--rate") { Description = "How many requests may begin in a second; any number if not given", HelpName = "N" };
    private readonly Option<double> _timeout = new("--timeout") { Description = "How long one attempt of a request may take", HelpName = "SECONDS", DefaultValueFactory = _ => 10 };
    private readonly Option<string?> _out = new("--out") { Description = "Write the records into this file, as one JSON document in each line", HelpName = "FILE" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the file of --out where the run before was interrupted" };
    private readonly Option<string?> _url = new("--url") { Description = "Harvest this API instead, which gives JSON arrays and pages by Link header", HelpName = "URL" };
    private readonly Option<double> _chaos = new("--chaos") { Description = "The share of requests that fail at the server", HelpName = "0..1", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _seed = new("--seed") { Description = "Which of them fail", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _fail = new("--fail") { Description = "Make the endpoint of this namespace fail with HTTP 500", HelpName = "NAMESPACE" };
    private readonly Option<bool> _serve = new("--serve") { Description = "Only serve, until Ctrl+C" };
    private readonly Option<bool> _tree = new("--tree") { Description = "Print to stderr, every second, what runs and what it waits for" };

    private CommandLine()
    {
        _style.Validators.Add(Values.OneOf([.. Enum.GetNames<PageStyle>().Select(name => name.ToLowerInvariant())]));
        _concurrency.Validators.Add(Values.WholeFrom(1));
        _prefetch.Validators.Add(Values.WholeFrom(0));
        _pageSize.Validators.Add(Values.WholeFrom(1));
        _rate.Validators.Add(Values.WholeFrom(1));
        _timeout.Validators.Add(Values.Number(0.001, 86_400, "a number of seconds"));
        _out.Validators.Add(Values.NotEmpty);
        _url.Validators.Add(Values.WebAddress);
        _chaos.Validators.Add(Values.Number(0, 1, "a share"));
        _seed.Validators.Add(Values.WholeFrom(0));
        foreach (Option option in (Option[])[_style, _concurrency, _prefetch, _pageSize, _rate, _timeout, _out, _resume, _url, _chaos, _seed, _fail, _serve, _tree])
        {
            _root.Options.Add(option);
        }

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

        return line.Contradiction(parsed) is { } contradiction ? (null, Refuse(contradiction)) : (line.SettingsOf(parsed), ExitCode.Succeeded);
    }

    /// <summary>Says in one line what is wrong with the arguments.</summary>
    public static int Refuse(string reason) => Complain($"{reason.ReplaceLineEndings(" ").TrimEnd('.', ' ')}; --help shows the options");

    /// <summary>Says in one line why the program ends.</summary>
    public static int Complain(string reason, int exitCode = ExitCode.WrongUsage)
    {
        Console.Error.WriteLine($"harvest: {reason.ReplaceLineEndings(" ")}");
        return exitCode;
    }

    private string? Contradiction(ParseResult parsed)
    {
        (Option Option, Option[] Others)[] strangers =
        [
            (_url, [_concurrency, _pageSize, _chaos, _seed, _fail, _serve]),
            (_fail, [_style, _prefetch, _pageSize, _chaos, _seed, _out, _resume]),
            (_serve, [_style, _concurrency, _prefetch, _rate, _timeout, _out, _resume]),
        ];
        foreach ((Option option, Option[] others) in strangers.Where(one => IsGiven(one.Option)))
        {
            if (others.FirstOrDefault(IsGiven) is { } other)
            {
                return $"{option.Name} and {other.Name} do not go together";
            }
        }

        return IsGiven(_url) && parsed.GetValue(_style) is { } style and not "link" ? $"--url pages by link, not by {style}"
            : IsGiven(_url) && !IsGiven(_out) ? "--url needs --out, the file that gets the records"
            : IsGiven(_resume) && !IsGiven(_out) ? "--resume needs --out, the file to go on with"
            : null;

        bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
    }

    private Settings SettingsOf(ParseResult parsed) => new(
        new ClientSettings(
            parsed.GetValue(_concurrency),
            parsed.GetValue(_prefetch),
            parsed.GetValue(_pageSize),
            parsed.GetValue(_rate),
            TimeSpan.FromSeconds(parsed.GetValue(_timeout))),
        new ServerSettings(parsed.GetValue(_fail), parsed.GetValue(_chaos), parsed.GetValue(_seed)))
    {
        Style = parsed.GetValue(_style) is { } style ? Enum.Parse<PageStyle>(style, ignoreCase: true) : null,
        Url = parsed.GetValue(_url) is { } url ? new Uri(url) : null,
        Out = parsed.GetValue(_out),
        Resumes = parsed.GetValue(_resume),
        Serves = parsed.GetValue(_serve),
        ShowsTree = parsed.GetValue(_tree),
    };

    private sealed class Teaching(HelpAction options) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = options.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Lesson.Text);
            return exitCode;
        }
    }
}
