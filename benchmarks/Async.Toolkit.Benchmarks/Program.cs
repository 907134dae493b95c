using Async.Toolkit.Benchmarks.Compare;
using Async.Toolkit.Benchmarks.Suite;

return args switch
{
    ["compare", .. string[] rest] => await CompareCommand.RunAsync(rest),
    _ => SuiteCommand.Run(args),
};
