using Async.Toolkit;
using Async.Toolkit.Soak;

SoakSettings? settings = CommandLine.Read(args, out int exitCode);
if (settings is null)
{
    return exitCode;
}

using var run = new SoakRun(settings);
return await AsyncApp.RunAsync(run.RunAsync);
