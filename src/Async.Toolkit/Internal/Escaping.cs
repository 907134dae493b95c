using System.Buffers;
using System.Globalization;
using System.Text;

namespace Async.Toolkit.Internal;

/// <summary>
/// Writes what could break a line, reorder it, spoil its encoding or hide in it as C# would: <c>\n</c>, <c>\u001b</c>. A backslash stays as it is, so a
/// text that was escaped once is not changed again.
/// </summary>
internal static class Escaping
{
    private const int LongestUnit = 12;

    public static bool IsClean(ReadOnlySpan<char> text)
    {
        // Nearly every name there is.
        int at = text.IndexOfAnyExceptInRange(' ', '~');
        while (at >= 0 && at < text.Length)
        {
            if (MustEscape(text[at..], out int length))
            {
                return false;
            }

            at += length;
        }

        return true;
    }

    /// <summary>Appends each character, or its escape, as one unit. What no longer fits may be left out.</summary>
    public static void Append(ref ShortText to, ReadOnlySpan<char> text)
    {
        Span<char> unit = stackalloc char[LongestUnit];
        while (!text.IsEmpty && !to.IsFull)
        {
            if (MustEscape(text, out int length))
            {
                int written = 0;
                foreach (char c in text[..length])
                {
                    written += Escape(c, unit[written..]);
                }

                to.Append(unit[..written]);
            }
            else
            {
                to.Append(text[..length]);
            }

            text = text[length..];
        }
    }

    private static bool MustEscape(ReadOnlySpan<char> text, out int length)
    {
        if (Rune.DecodeFromUtf16(text, out Rune rune, out length) != OperationStatus.Done)
        {
            return true;
        }

        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }

    private static int Escape(char c, Span<char> to)
    {
        ReadOnlySpan<char> escape = c switch
        {
            '\n' => @"\n",
            '\r' => @"\r",
            '\t' => @"\t",
            _ => default,
        };
        if (escape.IsEmpty)
        {
            to.TryWrite(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}", out int written);
            return written;
        }

        escape.CopyTo(to);
        return escape.Length;
    }
}
