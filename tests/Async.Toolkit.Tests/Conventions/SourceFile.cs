using System.Text.RegularExpressions;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>One source file of the library, read as text: what it declares and which names its code mentions.</summary>
internal sealed partial class SourceFile
{
    private SourceFile(string path, string folder)
    {
        Path = Repository.Relative(path);
        Folder = folder;
        string text = File.ReadAllText(path);
        LineCount = text.Count(static c => c == '\n');
        Code = EnumMembers().Replace(CommentOrString().Replace(text, " "), "${head}{}");
        Namespace = NamespaceLine().Match(Code).Groups["name"].Value;
        Types = [.. Declaration().Matches(Code).Select(static match => new DeclaredType(match.Groups["name"].Value, match.Groups["visible"].Value == "public"))];
    }

    public string Path { get; }

    /// <summary>The part of the library: the folder right below src/Async.Toolkit.</summary>
    public string Folder { get; }

    public string Namespace { get; }

    public int LineCount { get; }

    /// <summary>The text without comments, the contents of strings and the members of enumerations, which may be named as types are.</summary>
    public string Code { get; }

    /// <summary>The types that stand at the top level of the file.</summary>
    public IReadOnlyList<DeclaredType> Types { get; }

    public static IReadOnlyList<SourceFile> ReadLibrary()
    {
        string library = System.IO.Path.Combine(Repository.Root, "src", "Async.Toolkit");
        return
        [
            .. from folder in Directory.EnumerateDirectories(library)
               let name = System.IO.Path.GetFileName(folder)
               where name is not ("bin" or "obj")
               from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
               orderby file
               select new SourceFile(file, name)
        ];
    }

    /// <summary>Whether the code mentions the type: alone, or behind a namespace, but not as a member of something else.</summary>
    public bool Mentions(string type) =>
        Regex.IsMatch(Code, $@"(?<![\w.]|using )((global::)?Async\.Toolkit(\.\w+)?\.)?{Regex.Escape(type)}\b(?!\s*=>)");

    [GeneratedRegex("""
        "{3,}[\s\S]*?"{3,} | @"(?:[^"]|"")*" | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+' | //[^\n]* | /\*[\s\S]*?\*/
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentOrString();

    [GeneratedRegex(@"(?<head>\benum\s+\w+[^{;]*)\{[^}]*\}")]
    private static partial Regex EnumMembers();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    // No indentation: nested types belong to their owner.
    [GeneratedRegex(@"^(?<visible>public|internal|file)\s(?:[\w\s]*?\s)?(?:record\s+struct|record\s+class|record|class|struct|interface|enum|delegate\s[^(;]*?)\s(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}

internal sealed record DeclaredType(string Name, bool IsPublic);
