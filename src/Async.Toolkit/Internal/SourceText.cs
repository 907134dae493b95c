using System.Text;

namespace Async.Toolkit.Internal;

/// <summary>
/// Turns the C# source of an argument into a short name. Literals become <c>…</c> and comments disappear, so that a
/// secret that stands in the code never reaches a log, a trace or a snapshot.
/// </summary>
internal static class SourceText
{
    public const int MaxLength = 80;
    private const char Ellipsis = '…';

    public static string Name(string source)
    {
        var name = new StringBuilder(Math.Min(source.Length, MaxLength + 1));
        int at = 0;
        while (at < source.Length && name.Length <= MaxLength)
        {
            at = AppendNext(source, at, name);
        }

        return Shorten(name);
    }

    /// <summary>A name that the user chose: kept as it is, but on one line and no longer than any other.</summary>
    public static string OneLine(string given)
    {
        var name = new StringBuilder(Math.Min(given.Length, MaxLength + 1));
        foreach (char c in given)
        {
            if (name.Length > MaxLength)
            {
                break;
            }

            AppendFolded(name, char.IsControl(c) ? ' ' : c);
        }

        return Shorten(name);
    }

    private static int AppendNext(string source, int at, StringBuilder name)
    {
        char c = source[at];
        if (SkipComment(source, at) is var after && after > at)
        {
            AppendFolded(name, ' ');
            return after;
        }

        if (SkipText(source, at) is var end && end > at)
        {
            name.Append(Ellipsis);
            return end;
        }

        if (char.IsLetter(c) || c is '_' or '@')
        {
            int stop = at + 1;
            while (stop < source.Length && (char.IsLetterOrDigit(source[stop]) || source[stop] == '_'))
            {
                stop++;
            }

            name.Append(source, at, stop - at);
            return stop;
        }

        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1])))
        {
            name.Append(Ellipsis);
            return SkipNumber(source, at);
        }

        AppendFolded(name, char.IsControl(c) ? ' ' : c);
        return at + 1;
    }

    private static int SkipComment(string source, int at)
    {
        if (source[at] != '/' || at + 1 >= source.Length)
        {
            return at;
        }

        switch (source[at + 1])
        {
            case '/':
                int line = source.IndexOf('\n', at);
                return line < 0 ? source.Length : line;
            case '*':
                int close = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
                return close < 0 ? source.Length : close + 2;
            default:
                return at;
        }
    }

    /// <summary>The end of the character or string literal that starts here (any of C#'s forms), or <paramref name="at"/>.</summary>
    private static int SkipText(string source, int at)
    {
        int quote = at;
        int dollars = 0;
        bool verbatim = false;
        while (quote < source.Length && source[quote] is '$' or '@')
        {
            dollars += source[quote] == '$' ? 1 : 0;
            verbatim |= source[quote] == '@';
            quote++;
        }

        if (quote >= source.Length)
        {
            return at;
        }

        if (source[quote] == '\'' && quote == at)
        {
            return SkipEscaped(source, at + 1, '\'');
        }

        if (source[quote] != '"')
        {
            return at;
        }

        int quotes = CountRun(source, quote, '"');
        if (quotes >= 3)
        {
            int close = source.IndexOf(new string('"', quotes), quote + quotes, StringComparison.Ordinal);
            return close < 0 ? source.Length : close + quotes;
        }

        if (dollars > 0)
        {
            return SkipInterpolated(source, quote + 1, verbatim);
        }

        return verbatim ? SkipVerbatim(source, quote + 1) : SkipEscaped(source, quote + 1, '"');
    }

    private static int SkipEscaped(string source, int at, char quote)
    {
        for (; at < source.Length && source[at] != quote; at++)
        {
            if (source[at] == '\\')
            {
                at++;
            }
        }

        return Math.Min(at + 1, source.Length);
    }

    private static int SkipVerbatim(string source, int at)
    {
        for (; at < source.Length; at++)
        {
            if (source[at] != '"')
            {
                continue;
            }

            if (at + 1 >= source.Length || source[at + 1] != '"')
            {
                return at + 1;
            }

            at++;
        }

        return source.Length;
    }

    // The holes of an interpolated string may hold strings of their own: their quotes do not end this one.
    private static int SkipInterpolated(string source, int at, bool verbatim)
    {
        while (at < source.Length)
        {
            char c = source[at];
            bool doubled = at + 1 < source.Length && source[at + 1] == c;
            if (c == '"')
            {
                if (!verbatim || !doubled)
                {
                    return at + 1;
                }

                at += 2;
            }
            else if (c == '\\' && !verbatim)
            {
                at += 2;
            }
            else if (c == '{' && !doubled)
            {
                at = SkipHole(source, at + 1);
            }
            else
            {
                at += c is '{' or '}' && doubled ? 2 : 1;
            }
        }

        return source.Length;
    }

    private static int SkipHole(string source, int at)
    {
        int depth = 1;
        while (at < source.Length && depth > 0)
        {
            int end = SkipText(source, at);
            if (end > at)
            {
                at = end;
                continue;
            }

            depth += source[at] == '{' ? 1 : source[at] == '}' ? -1 : 0;
            at++;
        }

        return at;
    }

    private static int SkipNumber(string source, int at)
    {
        while (at < source.Length)
        {
            char c = source[at];
            bool exponentSign = c is '+' or '-' && source[at - 1] is 'e' or 'E';
            bool fraction = c == '.' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]);
            if (!char.IsLetterOrDigit(c) && c != '_' && !fraction && !exponentSign)
            {
                break;
            }

            at++;
        }

        return at;
    }

    private static int CountRun(string source, int at, char c)
    {
        int end = at;
        while (end < source.Length && source[end] == c)
        {
            end++;
        }

        return end - at;
    }

    private static void AppendFolded(StringBuilder name, char c)
    {
        if (!char.IsWhiteSpace(c))
        {
            name.Append(c);
        }
        else if (name.Length > 0 && name[^1] != ' ')
        {
            name.Append(' ');
        }
    }

    private static string Shorten(StringBuilder name)
    {
        if (name.Length > MaxLength)
        {
            name.Length = MaxLength - 1;
            name.Append(Ellipsis);
        }

        return name.ToString().TrimEnd();
    }
}
