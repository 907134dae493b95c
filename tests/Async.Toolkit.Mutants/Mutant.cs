namespace Async.Toolkit.Mutants;

/// <param name="Id">Its number in the mutated assembly.</param>
/// <param name="File">The source file, from the folder of the library on.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Original">The source text that is replaced, on one line.</param>
/// <param name="Replacement">What stands there instead, on one line.</param>
internal sealed record Mutant(int Id, string File, int Line, string Original, string Replacement)
{
    public string Folder => File.Split('/')[0];

    public override string ToString() => $"{File}:{Line}: {Original} → {Replacement}";
}

/// <summary>What became of a mutant, in the order in which it is looked for.</summary>
internal enum Fate
{
    NotCovered,
    Killed,
    TimedOut,
    Survived,
}

/// <param name="Id">The mutant's number.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="By">The first test that failed, where one did.</param>
internal sealed record Verdict(int Id, Fate Fate, string? By);

internal static class Fates
{
    public static bool IsAlive(this Fate fate) => fate is Fate.Survived or Fate.NotCovered;
}
