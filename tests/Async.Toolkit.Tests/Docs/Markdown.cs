using System.Text.RegularExpressions;
using Async.Toolkit.Tests.Conventions;

namespace Async.Toolkit.Tests.Docs;

/// <summary>One page of the documentation.</summary>
internal sealed partial class Markdown
{
    private Markdown(string path)
    {
        Path = Repository.Relative(path);
        Text = File.ReadAllText(path);
        Blocks =
        [
            .. Fence().Matches(Text).Select(match =>
                new CodeBlock($"{Path}:{Text.AsSpan(0, match.Index).Count('\n') + 1}", match.Groups["language"].Value, Snippet.Normalize(match.Groups["code"].Value)))
        ];
        Anchors = [.. Heading().Matches(Fence().Replace(Text, "")).Select(static match => NoLetter().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'))];
        Links = [.. Link().Matches(Fence().Replace(Text, "")).Select(static match => match.Groups["target"].Value)];
    }

    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    public IReadOnlyList<string> Links { get; }

    /// <summary>What links name the headings by.</summary>
    public IReadOnlyList<string> Anchors { get; }

    /// <summary>Every page at the root of the repository, under docs, and beside the source of a package.</summary>
    public static IReadOnlyList<Markdown> ReadAll()
    {
        string docs = System.IO.Path.Combine(Repository.Root, "docs");
        return
        [
            .. Directory.EnumerateFiles(Repository.Root, "*.md")
                .Concat(Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories))
                .Concat(Directory.EnumerateDirectories(System.IO.Path.Combine(Repository.Root, "src")).SelectMany(static package => Directory.EnumerateFiles(package, "*.md")))
                .Order(StringComparer.Ordinal)
                .Select(static path => new Markdown(path))
        ];
    }

    [GeneratedRegex(@"^[ \t]*```(?<language>[^\n`]*)\n(?<code>[\s\S]*?)^[ \t]*```[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoLetter();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}

internal sealed record CodeBlock(string Place, string Language, string Code);
