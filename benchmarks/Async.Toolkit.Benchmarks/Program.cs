using Async.Toolkit.Benchmarks.Compare;
using Async.Toolkit.Benchmarks.Report;
using Async.Toolkit.Benchmarks.Suite;

return args switch
{
    ["compare", .. string[] rest] => await CompareCommand.RunAsync(rest),
    ["report", .. string[] rest] => ReportCommand.Run(rest),
    _ => SuiteCommand.Run(args),
};
