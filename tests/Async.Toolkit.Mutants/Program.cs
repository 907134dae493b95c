using Async.Toolkit;
using Async.Toolkit.Mutants;

Settings? settings = CommandLine.Read(args, out int exitCode);
return settings is null ? exitCode : await AsyncApp.RunAsync(ct => MutationRun.RunAsync(settings, ct));
