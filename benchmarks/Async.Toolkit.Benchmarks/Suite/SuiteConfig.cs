using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;

namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>How the suite is measured: short enough that all of it takes some twenty minutes, long enough for error bars that mean something.</summary>
internal static class SuiteConfig
{
    public const int IterationMilliseconds = 200;
    public const int FewestIterations = 6;
    public const int MostIterations = 15;

    // A method comes to its last tier of compilation only after some two seconds of use: before that a call may take four times as long.
    public const int FewestWarmups = 8;
    public const int MostWarmups = 12;

    /// <param name="args">The command line: a job that it names takes the place of ours.</param>
    public static IConfig For(IReadOnlyList<string> args)
    {
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance).AddDiagnoser(MemoryDiagnoser.Default).AddExporter(JsonExporter.Brief);

        // BenchmarkDotNet prefers a default job of the configuration to the one on the command line.
        return args.Contains("--job") || args.Contains("-j")
            ? config
            : config.AddJob(Job.Default
                .WithIterationTime(TimeInterval.FromMilliseconds(IterationMilliseconds))
                .WithMinWarmupCount(FewestWarmups).WithMaxWarmupCount(MostWarmups)
                .WithMinIterationCount(FewestIterations).WithMaxIterationCount(MostIterations)
                .AsDefault());
    }
}
