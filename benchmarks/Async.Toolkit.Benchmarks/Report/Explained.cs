using Async.Toolkit.Benchmarks.Suite;

namespace Async.Toolkit.Benchmarks.Report;

/// <summary>Everything that the page tells, with the cause beside each thing that needs one.</summary>
internal sealed class Explained
{
    private readonly Causes _causes;
    private readonly List<string> _unexplained = [];

    private Explained(Figures figures, Causes causes)
    {
        _causes = causes;
        Figures = figures;
        Findings = Report.Findings.Of(figures);
        Defeats = Defeat.AllIn(figures);
        Agreements = Agreement.AllIn(figures);
    }

    public Figures Figures { get; }

    public IReadOnlyList<Finding> Findings { get; }

    public IReadOnlyList<Defeat> Defeats { get; }

    public IReadOnlyList<Agreement> Agreements { get; }

    /// <exception cref="FormatException">Something has no cause, or a section of the causes fits nothing.</exception>
    public static Explained From(Figures figures, Causes causes)
    {
        var explained = new Explained(figures, causes);
        foreach (Finding finding in explained.Findings.Where(static finding => finding.Verdict != Verdict.Met))
        {
            explained.Require(finding.Subject, finding.Row, FormattableString.Invariant($"{finding.Verdict}: {finding.Value.Value:0.000} ± {finding.Value.Margin:0.000}, target {finding.Most}"));
        }

        foreach (Defeat defeat in explained.Defeats)
        {
            explained.Require(defeat.Subject, defeat.Row, FormattableString.Invariant($"{defeat.First.Label} is first, ours is {defeat.Ratio.Value:0.00} ± {defeat.Ratio.Margin:0.00} times as long"));
        }

        foreach (Agreement agreement in explained.Agreements.Where(static agreement => !agreement.IsClose))
        {
            explained.Require(agreement.Subject, new RowKey(""), FormattableString.Invariant($"compare says {agreement.Compare:0.000}, the suite {agreement.Suite.Value:0.000}"));
        }

        string[] problems =
        [
            .. explained._unexplained.Distinct().Select(static key => $"no cause for: {key}"),
            .. causes.Strays(Subjects()).Select(static subject => $"a cause that fits nothing: {subject}"),
        ];
        return problems.Length == 0 ? explained : throw new FormatException(string.Join(Environment.NewLine, problems));
    }

    public string CauseOf(string subject, RowKey row) => _causes.Find(subject, row)!;

    private void Require(string subject, RowKey row, string what)
    {
        if (_causes.Find(subject, row) is null)
        {
            _unexplained.Add(row.Count == 0 ? $"{subject}  ({what})" : $"{subject} / {row}  ({what})");
        }
    }

    private static IEnumerable<string> Subjects() =>
        from part in SuitePart.All
        from subject in (string[])
        [
            $"{part.Name} / not first",
            .. part.Targets.Select(target => $"{part.Name} / {target.Ours} / {Finding.Words(target.Measure)}"),
            .. part.Contenders.Select(contender => Agreement.SubjectOf(part, contender)),
        ]
        select subject;
}
