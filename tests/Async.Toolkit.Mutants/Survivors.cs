namespace Async.Toolkit.Mutants;

/// <summary>The score, and the reasons for those that survive: a table in survivors.md, row by row.</summary>
internal static class Survivors
{
    private const double LeastScore = 0.85;

    // One child more than the limit allows: were it alive, the way of measuring would be broken, not the suite.
    private static readonly (string File, string Original, string Replacement) Planted =
        ("Groups/GroupMachine.cs", "state.Running < rules.MaxConcurrency", "state.Running <= rules.MaxConcurrency");

    public static int Tell(Settings settings, IReadOnlyList<Mutant> mutants, Dictionary<int, Verdict> verdicts)
    {
        (Mutant Mutant, Fate Fate)[] all = [.. from mutant in mutants where verdicts.ContainsKey(mutant.Id) select (mutant, verdicts[mutant.Id].Fate)];
        foreach (IGrouping<string, (Mutant, Fate Fate)> folder in all.GroupBy(static one => one.Mutant.Folder).Concat(all.GroupBy(static _ => "all")))
        {
            Console.WriteLine($"mutants: {folder.Key}: {Score(folder):P1} of {folder.Count():N0}: {string.Join(", ", folder.CountBy(static one => one.Fate).Select(static fate => $"{fate.Value:N0} {fate.Key}"))}");
        }

        string[][] reasons = [.. File.ReadAllLines(Path.Combine(settings.Root, "tests", "Async.Toolkit.Mutants", "survivors.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(Cells)];
        Mutant[] unexplained = [.. from one in all where IsAlive(one.Fate) && !reasons.Any(reason => Fits(reason, one.Mutant)) select one.Mutant];
        foreach (Mutant mutant in unexplained)
        {
            Console.WriteLine($"{Row(mutant)} ? |");
        }

        bool isPlantDead = settings.Only is not null || all.Any(static one => (one.Mutant.File, one.Mutant.Original, one.Mutant.Replacement) == Planted && !IsAlive(one.Fate));
        if (!isPlantDead)
        {
            Console.Error.WriteLine($"mutants: the planted one lives, or is not there any more: {Planted}");
        }

        return unexplained.Length == 0 && isPlantDead && Score(all) >= LeastScore ? 0 : 1;
    }

    private static bool IsAlive(Fate fate) => fate is Fate.Survived or Fate.NotCovered;

    private static double Score(IEnumerable<(Mutant Mutant, Fate Fate)> some) => some.Average(static one => IsAlive(one.Fate) ? 0.0 : 1);

    // A bar within a cell is escaped, as Markdown wants it.
    private static string[] Cells(string row) => [.. row.Trim('|', ' ').Split(" | ").Select(static cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal))];

    private static string Row(Mutant mutant) => $"| `{mutant.File}` | {$"`{mutant.Original}` → `{mutant.Replacement}`".Replace("|", "\\|", StringComparison.Ordinal)} |";

    private static bool Fits(string[] reason, Mutant mutant) =>
        reason is [var file, var change, { Length: > 0 }] && Cells(Row(mutant)) is [var itsFile, var itsChange] && file == itsFile && change == itsChange;
}
