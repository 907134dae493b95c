using System.Buffers;
using System.Globalization;

namespace Async.Toolkit.Internal;

/// <summary>What a stretch of C# source is, as far as a name is concerned.</summary>
internal enum SourceToken
{
    /// <summary>An identifier, an operator or white space: shown.</summary>
    Code,

    /// <summary>A comment or a preprocessor line.</summary>
    Trivia,

    /// <summary>A character, string or number in any of its forms, an interpolated string with all of its holes.</summary>
    Literal,
}

/// <summary>
/// Tells literals from code in C# source. Text that is no valid C# never makes it throw: what looks like the start of a literal then hides
/// more than it must.
/// </summary>
internal static class SourceLexer
{
    // Strings inside holes inside strings: past this depth the rest is one literal, so that no text can exhaust the stack.
    private const int MostNested = 64;

    private static readonly SearchValues<char> NewLines = SearchValues.Create("\r\n\u0085\u2028\u2029");

    /// <summary>The kind of the token that starts at <paramref name="at"/>, which ends before <paramref name="end"/>, always at least one further.</summary>
    public static SourceToken Next(string source, int at, out int end) => Next(source, at, MostNested, out end);

    private static SourceToken Next(string source, int at, int depth, out int end)
    {
        char c = source[at];
        switch (c)
        {
            case '/' when At(source, at + 1) is '/':
                end = EndOfLine(source, at);
                return SourceToken.Trivia;
            case '/' when At(source, at + 1) is '*':
                int close = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
                end = close < 0 ? source.Length : close + 2;
                return SourceToken.Trivia;
            case '#' when IsFirstOfLine(source, at):
                end = EndOfLine(source, at);
                return SourceToken.Trivia;
            case '\'':
                end = SkipEscaped(source, at + 1, '\'');
                return SourceToken.Literal;
            case '"' or '$' or '@' when SkipString(source, at, depth) is var after && after > at:
                end = after;
                return SourceToken.Literal;
            case '.' when At(source, at + 1) == '.':
                // A range: the dot before its end belongs to no number.
                end = at + 2;
                return SourceToken.Code;
            case '.' when char.IsAsciiDigit(At(source, at + 1)):
                end = SkipNumber(source, at);
                return SourceToken.Literal;
        }

        if (char.IsAsciiDigit(c))
        {
            end = SkipNumber(source, at);
            return SourceToken.Literal;
        }

        end = at + (char.IsHighSurrogate(c) && char.IsLowSurrogate(At(source, at + 1)) ? 2 : 1);
        if (IsWordStart(c))
        {
            while (end < source.Length && IsWordPart(source[end]))
            {
                end++;
            }
        }
        else if (c is '$' or '@')
        {
            end += source.AsSpan(end).IndexOfAnyExcept('$', '@') is var run && run < 0 ? source.Length - end : run;
        }

        return SourceToken.Code;
    }

    /// <summary>The end of the string that starts here, its <c>u8</c> included, or <paramref name="at"/> if none does.</summary>
    private static int SkipString(string source, int at, int depth)
    {
        int quote = at;
        int dollars = 0;
        bool verbatim = false;
        for (; At(source, quote) is '$' or '@'; quote++)
        {
            dollars += source[quote] == '$' ? 1 : 0;
            verbatim |= source[quote] == '@';
        }

        if (At(source, quote) != '"')
        {
            return at;
        }

        if (depth == 0)
        {
            return source.Length;
        }

        // In a verbatim string three quotes are its start and an escaped quote.
        int quotes = verbatim ? 1 : CountRun(source, quote, '"');
        int end = quotes switch
        {
            >= 3 => new Interpolation(dollars, verbatim: false, quotes, depth - 1).Skip(source, quote + quotes),
            2 => quote + 2,
            _ when dollars > 0 => new Interpolation(dollars: 1, verbatim, quotes: 1, depth - 1).Skip(source, quote + 1),
            _ when verbatim => SkipVerbatim(source, quote + 1),
            _ => SkipEscaped(source, quote + 1, '"'),
        };
        return At(source, end) is 'u' or 'U' && At(source, end + 1) == '8' && !IsWordPart(At(source, end + 2)) ? end + 2 : end;
    }

    // Ends with its line, even unclosed: an apostrophe in text that was compiled out must not turn literals and code round from there on.
    private static int SkipEscaped(string source, int at, char quote)
    {
        for (; at < source.Length && !NewLines.Contains(source[at]); at++)
        {
            if (source[at] == quote)
            {
                return at + 1;
            }

            at += source[at] == '\\' ? 1 : 0;
        }

        return Math.Min(at, source.Length);
    }

    private static int SkipVerbatim(string source, int at)
    {
        while (at < source.Length)
        {
            if (source[at++] != '"')
            {
                continue;
            }

            if (At(source, at) != '"')
            {
                return at;
            }

            at++;
        }

        return at;
    }

    private static int SkipNumber(string source, int at)
    {
        bool hex = source[at] == '0' && At(source, at + 1) is 'x' or 'X';
        for (; at < source.Length; at++)
        {
            char c = source[at];
            bool exponentSign = c is '+' or '-' && !hex && source[at - 1] is 'e' or 'E';
            bool fraction = c == '.' && char.IsAsciiDigit(At(source, at + 1));
            if (!char.IsLetterOrDigit(c) && c != '_' && !fraction && !exponentSign)
            {
                break;
            }
        }

        return at;
    }

    private static bool IsFirstOfLine(string source, int at)
    {
        while (--at >= 0 && !NewLines.Contains(source[at]))
        {
            if (!char.IsWhiteSpace(source[at]))
            {
                return false;
            }
        }

        return true;
    }

    private static int EndOfLine(string source, int at) =>
        source.AsSpan(at).IndexOfAny(NewLines) is var length && length < 0 ? source.Length : at + length;

    private static bool IsWordStart(char c) => char.IsLetter(c) || c == '_' || char.GetUnicodeCategory(c) == UnicodeCategory.LetterNumber;

    private static bool IsWordPart(char c) =>
        char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.Format;

    private static char At(string source, int at) => at < source.Length ? source[at] : '\0';

    private static int CountRun(string source, int at, char c) =>
        source.AsSpan(at).IndexOfAnyExcept(c) is var run && run < 0 ? source.Length - at : run;

    /// <summary>The inside of a string whose holes hold code, strings of their own included: their quotes do not end this one.</summary>
    /// <param name="dollars">How many braces open a hole; none in a plain raw string.</param>
    /// <param name="verbatim">A doubled quote is text, a backslash no escape.</param>
    /// <param name="quotes">How many quotes end it; three and more make it raw.</param>
    /// <param name="depth">How deep further strings may nest.</param>
    private readonly ref struct Interpolation(int dollars, bool verbatim, int quotes, int depth)
    {
        private bool IsRaw => quotes >= 3;

        private bool EndsWithLine => !verbatim && !IsRaw;

        public int Skip(string source, int at)
        {
            while (at < source.Length)
            {
                char c = source[at];
                if (c == '"')
                {
                    int run = CountRun(source, at, '"');
                    if (!IsEscaped(run))
                    {
                        return at + (IsRaw || verbatim ? run : 1);
                    }

                    at += run;
                }
                else if (c == '{' && dollars > 0)
                {
                    int run = CountRun(source, at, '{');
                    bool opens = IsRaw ? run >= dollars : run % 2 != 0;
                    at = opens ? SkipHole(source, at + run) : at + run;
                }
                else if (EndsWithLine && NewLines.Contains(c))
                {
                    return at;
                }
                else
                {
                    at += c == '\\' && EndsWithLine ? 2 : 1;
                }
            }

            return source.Length;
        }

        private bool IsEscaped(int run) => IsRaw ? run < quotes : verbatim && run % 2 == 0;

        private int SkipHole(string source, int at)
        {
            int open = 0;
            while (at < source.Length)
            {
                switch (source[at])
                {
                    case '}' when open == 0:
                        return at + Math.Min(CountRun(source, at, '}'), IsRaw ? dollars : 1);
                    case ':' when open == 0:
                        return SkipFormat(source, at + 1);
                    case '(' or '[' or '{':
                        open++;
                        at++;
                        break;
                    case ')' or ']' or '}':
                        open = Math.Max(0, open - 1);
                        at++;
                        break;
                    default:
                        Next(source, at, depth, out at);
                        break;
                }
            }

            return at;
        }

        // Behind the colon of a hole stands text again, in which a quote may be a quote of the format.
        private int SkipFormat(string source, int at)
        {
            while (at < source.Length)
            {
                char c = source[at];
                if (c == '"' || (EndsWithLine && NewLines.Contains(c)))
                {
                    int run = CountRun(source, at, '"');
                    if (run == 0 || !IsEscaped(run))
                    {
                        return at;
                    }

                    at += run;
                }
                else if (c == '}')
                {
                    int run = CountRun(source, at, '}');
                    if (IsRaw || run % 2 != 0)
                    {
                        return at + Math.Min(run, IsRaw ? dollars : run);
                    }

                    at += run;
                }
                else
                {
                    at += c == '\\' && EndsWithLine ? 2 : 1;
                }
            }

            return Math.Min(at, source.Length);
        }
    }
}
