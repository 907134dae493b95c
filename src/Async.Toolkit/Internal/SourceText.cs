using System.Globalization;

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
        var name = new ShortText(MaxLength);
        int at = 0;
        while (at < source.Length && !name.IsFull)
        {
            SourceToken token = SourceLexer.Next(source, at, out int end);
            switch (token)
            {
                case SourceToken.Literal:
                    name.Append([Ellipsis]);
                    break;
                case SourceToken.Trivia:
                case SourceToken.Code when char.IsWhiteSpace(source[at]):
                    name.AppendSpace();
                    break;
                default:
                    Escaping.Append(ref name, source.AsSpan(at, end - at));
                    break;
            }

            at = end;
        }

        return name.ToString().TrimEnd();
    }

    /// <summary>A name that the user chose: kept as it is, but on one line, with escapes for what cannot be seen, and no longer than any other.</summary>
    public static string OneLine(string given)
    {
        if (given.Length <= MaxLength && Escaping.IsClean(given))
        {
            return given;
        }

        var name = new ShortText(MaxLength);
        Escaping.Append(ref name, given);
        return name.ToString();
    }

    /// <summary>A text that the user chose: on one line as well, but whole.</summary>
    public static string Whole(string given)
    {
        if (Escaping.IsClean(given))
        {
            return given;
        }

        var text = new ShortText(int.MaxValue);
        Escaping.Append(ref text, given);
        return text.ToString();
    }

    /// <summary>A name with the place in the code that it stands for, where that is known: the file's own name and the line.</summary>
    public static string Place(string name, string? file, int line) =>
        file is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({FileName(file)}:{line})");

    // The compiler's path may be one of another system.
    private static string FileName(string path) => OneLine(path[(path.LastIndexOfAny(['/', '\\']) + 1)..]);
}
