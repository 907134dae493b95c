using System.Reflection;
using Async.Toolkit;
using Async.Toolkit.Tests.SignalApp;

// A program that tests start, signal from outside and watch: SignalApp <scenario>. Each line on stdout is a step that the test waits for.
MethodInfo scenario = typeof(Scenarios).GetMethod(args[0]) ?? throw new ArgumentException($"There is no scenario '{args[0]}'.");
int code = await (Task<int>)scenario.Invoke(null, [])!;
Scenarios.Say($"exit code {code}");
return code;
