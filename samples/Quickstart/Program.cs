using Async.Toolkit;
using Quickstart;

const int Succeeded = 0;
const int WrongUsage = 2;

string[] flags = [.. args.Where(arg => arg.StartsWith('-'))];
if (flags.Any(flag => flag is "--help" or "-h"))
{
    Console.WriteLine("""
        Quickstart: the ideas of asynchronous programming, each a short program that prints what it measured.

        Usage: dotnet run --project samples/Quickstart [-- [NAME ...] [--list] [--help]]

          (no name)   run every idea in turn
          NAME ...    run these ideas only
          --list      list the names and what each one shows
          --help      this text

        The source of each idea is one file under samples/Quickstart/Ideas.

        Ideas:
        """);
    PrintList("  ");
    return Succeeded;
}

if (flags.FirstOrDefault(flag => flag != "--list") is { } unknownFlag)
{
    return Refuse($"unknown option '{unknownFlag}'");
}

string[] names = [.. args.Except(flags)];
if (names.FirstOrDefault(name => AllIdeas.Find(name) is null) is { } unknownName)
{
    return Refuse($"no idea is named '{unknownName}'");
}

if (flags.Length > 0)
{
    PrintList("");
    return Succeeded;
}

IEnumerable<Idea> chosen = names.Length == 0 ? AllIdeas.InOrder : names.Select(name => AllIdeas.Find(name)!);
return await AsyncApp.RunAsync(async cancellationToken =>
{
    foreach (Idea idea in chosen)
    {
        Console.WriteLine($"== {idea.Name}: {idea.Summary} ==");
        await idea.RunAsync(cancellationToken);
        Console.WriteLine();
    }
});

static int Refuse(string reason)
{
    Console.Error.WriteLine($"quickstart: {reason}; --list shows the names, --help the usage");
    return WrongUsage;
}

static void PrintList(string indent)
{
    int width = AllIdeas.InOrder.Max(idea => idea.Name.Length);
    foreach (Idea idea in AllIdeas.InOrder)
    {
        Console.WriteLine($"{indent}{idea.Name.PadRight(width)}  {idea.Summary}");
    }
}
