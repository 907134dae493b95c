using System.Text.RegularExpressions;

namespace Async.Toolkit.Mutants;

/// <summary>The score, and the reasons for those that survive: a table in survivors.md, row by row.</summary>
internal static partial class Survivors
{
    private const double LeastScore = 0.85;

    // One child more than the limit allows: were it alive, the way of measuring would be broken, not the suite.
    private static readonly (string File, string Original, string Replacement) Planted =
        ("Groups/GroupMachine.cs", "state.Running < rules.MaxConcurrency", "state.Running <= rules.MaxConcurrency");

    public static int Tell(Settings settings, IReadOnlyList<Mutant> mutants, Verdicts verdicts)
    {
        (Mutant Mutant, Fate Fate)[] all = [.. from mutant in mutants let fate = verdicts[mutant] where fate is not null select (mutant, fate.Value)];
        foreach (IGrouping<string, (Mutant, Fate Fate)> folder in all.GroupBy(static one => one.Mutant.Folder).Concat(all.GroupBy(static _ => "all")))
        {
            Console.WriteLine($"mutants: {folder.Key}: {Score(folder):P1} of {folder.Count():N0}: {string.Join(", ", folder.CountBy(static one => one.Fate).Select(static fate => $"{fate.Value:N0} {fate.Key}"))}");
        }

        ILookup<(string File, string Change), int> alive = (from one in all where one.Fate.IsAlive() select one.Mutant).ToLookup(static one => (one.File, Change(one)), static one => one.Line);
        ILookup<(string File, string Change), int> explained = Rows(settings).Where(row => settings.LooksAt(row.File)).ToLookup(static row => (row.File, row.Change), static row => row.Count);
        int unexplained = 0;
        int stale = 0;
        foreach ((string File, string Change) key in alive.Concat<IGrouping<(string, string), int>>(explained).Select(static one => one.Key).Distinct())
        {
            int present = alive[key].Count();
            int rows = explained[key].Sum();
            if (present > rows)
            {
                unexplained++;
                Console.WriteLine($"{Row(key.File, key.Change, present - rows)}? | in the lines {string.Join(", ", alive[key])}, of which the table has {rows}");
            }
            else if (present < rows)
            {
                stale++;
                Console.Error.WriteLine($"mutants: the table has {rows} of these, but only {present} survive: {Row(key.File, key.Change, rows)}");
            }
        }

        bool isWhole = settings.Only is null;
        bool isPlantDead = !isWhole || all.Any(static one => (one.Mutant.File, one.Mutant.Original, one.Mutant.Replacement) == Planted && !one.Fate.IsAlive());
        if (!isPlantDead)
        {
            Console.Error.WriteLine($"mutants: the planted one lives, or is not there any more: {Planted}");
        }

        return unexplained == 0 && (stale == 0 || !isWhole) && isPlantDead && Score(all) >= LeastScore ? 0 : 1;
    }

    private static double Score(IEnumerable<(Mutant Mutant, Fate Fate)> some) => some.Average(static one => one.Fate.IsAlive() ? 0.0 : 1);

    // A bar within a cell is escaped, as Markdown wants it.
    private static string Change(Mutant mutant) => $"`{mutant.Original}` → `{mutant.Replacement}`".Replace("|", "\\|", StringComparison.Ordinal);

    private static string Row(string file, string change, int count) => $"| `{file}` | {change}{(count == 1 ? "" : $" ×{count}")} | ";

    private static IEnumerable<(string File, string Change, int Count)> Rows(Settings settings) =>
        from line in File.ReadLines(Path.Combine(settings.Root, "tests", "Async.Toolkit.Mutants", "survivors.md"))
        let row = RowPattern().Match(line)
        where row.Success
        select (row.Groups["file"].Value, row.Groups["change"].Value, row.Groups["count"] is { Success: true } count ? int.Parse(count.Value, null) : 1);

    [GeneratedRegex(@"^\| `(?<file>[^`]+)` \| (?<change>`.+?`)( ×(?<count>[0-9]+))? \| [^ ].* \|$")]
    private static partial Regex RowPattern();
}
