using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>One class of the suite, as its attributes describe it.</summary>
internal sealed class SuitePart
{
    private readonly PartAttribute _part;

    private SuitePart(Type type)
    {
        Name = type.Name;
        _part = type.GetCustomAttribute<PartAttribute>() ?? throw new InvalidOperationException($"{type.Name} has no [Part].");
        Targets = [.. type.GetCustomAttributes<TargetAttribute>()];
        Contenders =
        [
            .. from method in type.GetMethods()
               let benchmark = method.GetCustomAttribute<BenchmarkAttribute>()
               where benchmark is not null
               select new Contender(
                   method.Name,
                   benchmark.Description ?? method.Name,
                   method.IsDefined(typeof(OursAttribute)),
                   benchmark.Baseline,
                   method.GetCustomAttribute<AsideAttribute>()?.Because),
        ];
    }

    /// <summary>All of them, in the order in which people ask.</summary>
    public static IReadOnlyList<SuitePart> All { get; } =
    [
        new(typeof(SpawnAndJoinBenchmarks)),
        new(typeof(EmptyGroupBenchmarks)),
        new(typeof(SuspendedChildrenBenchmarks)),
        new(typeof(CancelStormBenchmarks)),
        new(typeof(NestedGroupBenchmarks)),
        new(typeof(GatherBenchmarks)),
        new(typeof(GatherGrowthBenchmarks)),
        new(typeof(GatherWorkBenchmarks)),
        new(typeof(GatherAllBenchmarks)),
        new(typeof(FirstOfNBenchmarks)),
        new(typeof(OrderedStreamBenchmarks)),
        new(typeof(CompletionStreamBenchmarks)),
        new(typeof(TimeoutBenchmarks)),
        new(typeof(SemaphoreBenchmarks)),
        new(typeof(ContendedSemaphoreBenchmarks)),
        new(typeof(PagingBenchmarks)),
        new(typeof(EventLoopBenchmarks)),
        new(typeof(DiagnosticsBenchmarks)),
        new(typeof(VirtualTimeBenchmarks)),
        new(typeof(CompareDefaultsBenchmarks)),
    ];

    /// <summary>The name of the class.</summary>
    public string Name { get; }

    public string Title => _part.Title;

    public string Question => _part.Question;

    public string Unit => _part.Unit;

    /// <summary>The parameter that tells the count, where the class measures growth.</summary>
    public string? UnitsParameter => _part.UnitsParameter;

    public IReadOnlyList<TargetAttribute> Targets { get; }

    public IReadOnlyList<Contender> Contenders { get; }

    /// <summary>Some parts only compare ways of our own.</summary>
    public bool HasRivals => Contenders.Any(static contender => contender.IsRival);

    public static SuitePart Named(string name) => All.Single(part => part.Name == name);

    /// <summary>How many units an operation of a row with these parameters holds.</summary>
    public double UnitsOf(RowKey row) => UnitsParameter is { } name ? row.NumberOf(name) : _part.Units;
}
