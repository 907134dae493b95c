namespace Async.Toolkit.Mutants;

/// <param name="Root">The root of the repository.</param>
/// <param name="Output">Where the mutated assembly, the coverage and the verdicts are kept; what is there already is not done again.</param>
/// <param name="Workers">How many test programs run at once.</param>
/// <param name="Seconds">How long the tests may take that are run against one mutant, without any mutant.</param>
/// <param name="Only">A part of the names of the source files to look at; <see langword="null"/> for all.</param>
/// <param name="Again">Whether those that survived before are tried once more, with the tests as they are now.</param>
internal sealed record Settings(string Root, string Output, int Workers, double Seconds, string? Only, bool Again)
{
    public const string Library = "Async.Toolkit.dll";

    private static readonly string[] Tests = ["Async.Toolkit.Tests", "Async.Toolkit.Tests.Exact"];

    /// <summary>The test programs. Classes that fail in any mutated assembly, as some that count allocations do, are left out.</summary>
    public IReadOnlyList<TestProgram> Programs { get; } = [.. Tests.Select(one => new TestProgram(one, Path.Combine(Output, one)))];

    /// <summary>The mutants, as Stryker has made them.</summary>
    public string Made => Path.Combine(Output, "stryker");

    /// <summary>The library with all mutants in it.</summary>
    public string Mutated => Path.Combine(Made, Library);

    /// <summary>Where the build puts a test program, with the library as it is.</summary>
    public string BuiltIn(string program) => Path.Combine(Root, "tests", program, "bin", "Release", "net10.0");

    public bool LooksAt(string file) => Only is null || file.Contains(Only, StringComparison.Ordinal);
}
