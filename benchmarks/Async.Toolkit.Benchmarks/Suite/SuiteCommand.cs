using BenchmarkDotNet.Running;

namespace Async.Toolkit.Benchmarks.Suite;

/// <summary>Everything that is neither <c>compare</c> nor <c>report</c> goes to BenchmarkDotNet.</summary>
internal static class SuiteCommand
{
    public static int Run(string[] args)
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(SuiteCommand).Assembly).Run(args, SuiteConfig.For(args)).ToList();

        // BenchmarkDotNet exits with 0 whatever happened; a script has to see that a benchmark failed, or that none ran at all.
        bool failed = summaries.Any(static summary => summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success));
        bool nothingRan = summaries.Count == 0 && !args.Contains("--list");
        return failed || nothingRan ? 1 : 0;
    }
}
