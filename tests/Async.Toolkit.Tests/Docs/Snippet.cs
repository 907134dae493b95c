using System.Text.RegularExpressions;
using Async.Toolkit.Tests.Conventions;

namespace Async.Toolkit.Tests.Docs;

/// <summary>A stretch of a compiled source file that the documentation shows: from "// snippet: NAME" to "// end-snippet".</summary>
internal sealed partial record Snippet(string Name, string Place, string Code)
{
    public static IReadOnlyList<Snippet> ReadAll()
    {
        // What needs packages of its own to compile is shown from its own tests.
        string tests = Path.Combine(Repository.Root, "tests");
        string[] folders =
        [
            Path.Combine(tests, "Async.Toolkit.Tests", "Docs", "Snippets"),
            Path.Combine(tests, "Async.Toolkit.Testing.Tests", "Snippets"),
            Path.Combine(tests, "Async.Toolkit.Tests.Attach"),
        ];
        return
        [
            .. from folder in folders
               from file in Directory.EnumerateFiles(folder, "*.cs")
               from Match match in Marked().Matches(File.ReadAllText(file))
               select new Snippet(match.Groups["name"].Value, Repository.Relative(file), Normalize(match.Groups["code"].Value))
        ];
    }

    /// <summary>The code without the indentation of its surroundings, and without blanks at its edges.</summary>
    public static string Normalize(string code)
    {
        string[] lines = [.. code.ReplaceLineEndings("\n").Split('\n').Select(static line => line.TrimEnd())];
        int indentation = lines.Where(static line => line.Length > 0).Select(static line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indentation..] : line)).Trim('\n');
    }

    [GeneratedRegex(@"^[ \t]*// snippet: (?<name>[\w-]+)\n(?<code>[\s\S]*?)^[ \t]*// end-snippet", RegexOptions.Multiline)]
    private static partial Regex Marked();
}
