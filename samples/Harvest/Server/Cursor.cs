using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Harvest.Server;

/// <summary>The place of a page as a text of which only the server knows the meaning.</summary>
internal static class Cursor
{
    private const string Prefix = "types from ";

    public static string Write(int start) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{start}")));

    /// <summary>Reads what <see cref="Write"/> gave; none at all is the beginning.</summary>
    public static bool TryRead(string? cursor, out int start)
    {
        start = 0;
        if (cursor is null)
        {
            return true;
        }

        if (!Base64Url.IsValid(cursor))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out start);
    }
}
