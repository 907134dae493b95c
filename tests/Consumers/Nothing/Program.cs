using System.Runtime.InteropServices;
using Nothing;
using Shared;

// What the program Everything does, by hand: how large a program is that does it without the library.
using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
try
{
    using var journal = new Journal();
    using var audience = new Audience("Nothing", "Nothing", "Nothing");
    Telling.Log = journal.CreateLogger("Nothing");

    await Groups.RunAsync(stop.Token);
    await Limits.RunAsync(stop.Token);
    await Gathers.RunAsync(stop.Token);
    await PagesOfItems.RunAsync(stop.Token);
    Loops.Run(stop.Token);
    Trees.Run();

    Expect.That(journal.Lines > 0, "failures that nobody sees are logged");
    Expect.That(audience.Measurements > 0, "instruments are read");
    Expect.That(audience.Spans > 0, "spans are told");
    Expect.That(audience.Events > 0, "events are written");
    Console.WriteLine("Everything went well.");
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 143;
}
catch (Exception failure)
{
    await Console.Error.WriteLineAsync(failure.ToString());
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    Console.Error.WriteLine($"{context.Signal}: shutting down");
    stop.Cancel();
}
