using BenchmarkDotNet.Running;

var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).ToList();

// BenchmarkDotNet exits with 0 whatever happened; a script has to see that a benchmark failed, or that none ran at all.
bool failed = summaries.Any(static summary => summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success));
bool nothingRan = summaries.Count == 0 && !args.Contains("--list");
return failed || nothingRan ? 1 : 0;
