using System.Reflection;
using Async.Toolkit.Testing.Xunit2;
using Xunit.Sdk;

// Runs the tests of this program in xunit 2's own engine, with the algorithm that is named: "Conservative" (the default) or "Aggressive", which
// holds tests to as many threads as it is allowed by means of a synchronization context.
using var framework = new XunitTestFramework(new Outcome());
using Xunit.Abstractions.ITestFrameworkExecutor executor = framework.GetExecutor(Assembly.GetExecutingAssembly().GetName());
using var outcome = new Outcome();
var options = new RunOptions();
options.SetValue("xunit.execution.ParallelAlgorithm", args[0]);
options.SetValue<int?>("xunit.execution.MaxParallelThreads", 2);
executor.RunAll(outcome, options, options);
return outcome.Wait();
