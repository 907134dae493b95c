using System.Globalization;

namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>The parameters of a row, such as "Limit=8, Waits=True"; empty where a class has none.</summary>
internal sealed record RowKey(string Text)
{
    private (string Name, string Value)[] Parts => Text.Length == 0 ? [] : [.. Text.Split(", ").Select(Split)];

    public IReadOnlyList<string> Names => [.. Parts.Select(static part => part.Name)];

    public IReadOnlyList<string> Values => [.. Parts.Select(static part => part.Value)];

    public int Count => Parts.Length;

    /// <summary>From BenchmarkDotNet's own way of writing them.</summary>
    public static RowKey FromBenchmarkDotNet(string parameters) => new(parameters.Replace("&", ", ", StringComparison.Ordinal));

    /// <summary>Whether every parameter of <paramref name="where"/> has the same value here.</summary>
    public bool Includes(RowKey where) => where.Parts.All(Parts.Contains);

    /// <summary>The row without one of its parameters.</summary>
    public RowKey Without(string name) => new(string.Join(", ", Parts.Where(part => part.Name != name).Select(static part => $"{part.Name}={part.Value}")));

    public double NumberOf(string name) => double.Parse(Parts.Single(part => part.Name == name).Value, CultureInfo.InvariantCulture);

    public override string ToString() => Text;

    private static (string Name, string Value) Split(string part) =>
        part.Split('=') is [string name, string value] ? (name, value) : throw new FormatException($"'{part}' is no parameter such as Limit=8.");
}
