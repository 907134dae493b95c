using System.Globalization;
using System.Text;

namespace Async.Toolkit.Internal;

/// <summary>
/// Turns the C# source of an argument into a short name. Literals become <c>…</c>, comments and preprocessor lines disappear, so that a
/// secret that stands in the code never reaches a log, a trace or a snapshot.
/// </summary>
internal static class SourceText
{
    public const int MaxLength = 80;
    private const char Ellipsis = '…';

    public static string Name(string source)
    {
        var name = new StringBuilder(MaxLength + 2);
        int at = 0;
        while (at < source.Length && name.Length <= MaxLength)
        {
            SourceToken token = SourceLexer.Next(source, at, out int end);
            switch (token)
            {
                case SourceToken.Trivia:
                    AppendSpace(name);
                    break;
                case SourceToken.Literal:
                    name.Append(Ellipsis);
                    break;
                default:
                    AppendVisible(name, source.AsSpan(at, end - at));
                    break;
            }

            at = end;
        }

        return Shorten(name);
    }

    /// <summary>A name that the user chose: kept as it is, but on one line and no longer than any other.</summary>
    public static string OneLine(string given)
    {
        var name = new StringBuilder(MaxLength + 2);
        AppendVisible(name, given);
        return Shorten(name);
    }

    /// <summary>A name with the place in the code that it stands for, where that is known: the file's own name and the line.</summary>
    public static string Place(string name, string? file, int line) =>
        file is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({FileName(file)}:{line})");

    // The compiler's path may be one of another system.
    private static string FileName(string path) => OneLine(path[(path.LastIndexOfAny(['/', '\\']) + 1)..]);

    // Whatever could break a line, reorder it or spoil its encoding stays out of logs.
    private static void AppendVisible(StringBuilder name, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length && name.Length <= MaxLength; i++)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                AppendSpace(name);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                name.Append(c).Append(text[++i]);
            }
            else if (char.IsSurrogate(c))
            {
                name.Append('\uFFFD');
            }
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            {
                name.Append(c);
            }
        }
    }

    private static void AppendSpace(StringBuilder name)
    {
        if (name.Length > 0 && name[^1] != ' ')
        {
            name.Append(' ');
        }
    }

    private static string Shorten(StringBuilder name)
    {
        if (name.Length > MaxLength)
        {
            // A pair that the cut would tear apart goes as a whole.
            name.Length = char.IsHighSurrogate(name[MaxLength - 2]) ? MaxLength - 2 : MaxLength - 1;
            name.Append(Ellipsis);
        }

        return name.ToString().TrimEnd();
    }
}
