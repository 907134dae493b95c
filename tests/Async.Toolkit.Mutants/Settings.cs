namespace Async.Toolkit.Mutants;

/// <param name="Root">The root of the repository.</param>
/// <param name="Output">Where the mutated assembly, the coverage and the verdicts are kept; what is there already is not done again.</param>
/// <param name="Workers">How many test programs run at once.</param>
/// <param name="Seconds">How long the tests may take that are run against one mutant, without any mutant.</param>
/// <param name="Only">A part of the names of the source files to look at; <see langword="null"/> for all.</param>
/// <param name="Again">Whether those that survived before are tried once more, with the tests as they are now.</param>
internal sealed record Settings(string Root, string Output, int Workers, double Seconds, string? Only, bool Again)
{
    /// <summary>The test programs. Classes that fail in any mutated assembly, as some that count allocations do, are left out.</summary>
    public static readonly IReadOnlyList<string> Tests = ["Async.Toolkit.Tests", "Async.Toolkit.Tests.Exact"];

    public string OutputOf(string program) => Path.Combine(Output, program);
}
