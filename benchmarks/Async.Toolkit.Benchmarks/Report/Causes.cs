using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>
/// Why targets were missed and rivals are first: text that people write, in sections whose headings say which rows they are for,
/// "Class / Method / measure" or "Class / not first", with " / Parameter=value" behind where it is not for all rows.
/// </summary>
internal sealed class Causes
{
    private readonly List<(string Subject, RowKey Where, string Text)> _sections = [];

    public static Causes Parse(string text)
    {
        var causes = new Causes();
        foreach (string section in ("\n" + text).Split("\n## ").Skip(1))
        {
            string heading = section.Split('\n')[0].Trim();
            string body = section[section.Split('\n')[0].Length..].Trim();
            string[] parts = heading.Split(" / ");
            bool hasRow = parts[^1].Contains('=', StringComparison.Ordinal);
            string subject = string.Join(" / ", hasRow ? parts[..^1] : parts);
            if (body.Length == 0)
            {
                throw new FormatException($"The section '{heading}' is empty.");
            }

            causes._sections.Add((subject, new RowKey(hasRow ? parts[^1] : ""), body));
        }

        return causes;
    }

    /// <summary>The section that fits the row most closely, or <see langword="null"/>.</summary>
    public string? Find(string subject, RowKey row) =>
        _sections
            .Where(section => section.Subject == subject && row.Includes(section.Where))
            .OrderByDescending(static section => section.Where.Count)
            .Select(static section => section.Text)
            .FirstOrDefault();

    /// <summary>Sections that fit nothing which could ever be asked for: typing errors, and what was renamed.</summary>
    public IEnumerable<string> Strays(IEnumerable<string> subjects)
    {
        var known = subjects.ToHashSet();
        return _sections.Select(static section => section.Subject).Where(subject => !known.Contains(subject));
    }
}
