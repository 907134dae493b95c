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
}

// A body that blocks for good stops the clocks of the runs that go on beside it, but not of those that follow, though each is called for before the last has ended.
// The second of the limits is to be beyond the first one on a busy machine, too.
var block = new VirtualTimeOptions { RealTimeLimit = TimeSpan.FromSeconds(2) };
var follow = new VirtualTimeOptions { RealTimeLimit = TimeSpan.FromSeconds(8) };
var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
Task blocking = VirtualTime.RunAsync(block, _ =>
{
    blocked.SetResult();
    Thread.Sleep(Timeout.Infinite);
    return Task.CompletedTask;
});
await blocked.Task;
Task beside = VirtualTime.RunAsync(follow, static time => time.Delay(TimeSpan.FromDays(1)));
await blocking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
await Hosted.DoubtAsync();
Task behind = VirtualTime.RunAsync(follow, static time => time.Delay(TimeSpan.FromDays(1)));
await Task.WhenAll(beside, behind).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
bool isWell = blocking.IsFaulted && beside.IsFaulted && behind.IsCompletedSuccessfully;
Console.WriteLine(isWell ? "all well" : "a body that blocks stopped what followed");
return isWell ? 0 : 1;
