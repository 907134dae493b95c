using Async.Toolkit.Testing;
using Async.Toolkit.Testing.Tests;

if (args is ["hosted"])
{
    string? wrong = await Hosted.RunAsync();
    Console.WriteLine(wrong ?? "all well");
    return wrong is null ? 0 : 1;
}

// Virtual time without any test framework: main blocks for it, awaits it, and awaits a run beside eight others. (Behind its first await main is on a
// thread of the pool, where it must not block: the clock would wait for that thread, and the thread for the clock.)
string first = TimedProgram.RunAsync().GetAwaiter().GetResult();
string awaited = await TimedProgram.RunAsync();
string[] together = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => TimedProgram.RunAsync()));
if (first.Length == 0 || awaited != first || together.Any(trace => trace != first))
{
    Console.WriteLine("the traces differ");
    return 1;
}

try
{
    await VirtualTime.RunAsync(_ => new TaskCompletionSource().Task);
    Console.WriteLine("the deadlock was not seen");
    return 1;
}
catch (VirtualTimeDeadlockException)
{
    Console.WriteLine("all well");
    return 0;
}
