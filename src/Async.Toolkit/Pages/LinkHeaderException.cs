using System.Globalization;
using System.Text;

namespace Async.Toolkit;

/// <summary>A <c>Link</c> header cannot be read by the rules of RFC 8288; the message shows it and the place of the trouble.</summary>
public sealed class LinkHeaderException : FormatException
{
    private const int MostShown = 400;

    /// <summary>Creates the exception with a message of its own.</summary>
    public LinkHeaderException()
        : this("The Link header cannot be read.")
    {
    }

    /// <summary>Creates the exception with the given message.</summary>
    /// <param name="message">What is wrong.</param>
    public LinkHeaderException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the given message and cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public LinkHeaderException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal LinkHeaderException(string problem, string header, int position)
        : base(string.Create(CultureInfo.InvariantCulture, $"The Link header cannot be read: {problem} at position {position} of: {Shown(header)}"))
    {
        Header = header;
        Position = position;
    }

    /// <summary>The header's value as it was received; empty where none was given.</summary>
    public string Header { get; } = "";

    /// <summary>Where in <see cref="Header"/> the trouble was met, counted from 0.</summary>
    public int Position { get; }

    // One line in a log, whatever the server sent.
    private static string Shown(string header)
    {
        var shown = new StringBuilder(header, 0, Math.Min(header.Length, MostShown), MostShown + 1);
        for (int at = 0; at < shown.Length; at++)
        {
            shown[at] = char.IsControl(shown[at]) ? '\uFFFD' : shown[at];
        }

        return header.Length > MostShown ? shown.Append('…').ToString() : shown.ToString();
    }
}
