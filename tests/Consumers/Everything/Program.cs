using Async.Toolkit;
using Async.Toolkit.Diagnostics;
using Everything;
using Shared;

// Every part of the library, for the trimmer and the compiler ahead of time to find whatever they cannot see through.
return await AsyncApp.RunAsync(new() { Name = "everything", ShutdownTimeout = TimeSpan.FromSeconds(5) }, async ct =>
{
    using var journal = new Journal();
    using var audience = new Audience(ToolkitDiagnostics.MeterName, ToolkitDiagnostics.ActivitySourceName, "Async-Toolkit");
    ToolkitDiagnostics.LoggerFactory = journal;

    await Groups.RunAsync(ct);
    await Limits.RunAsync(ct);
    await Gathers.RunAsync(ct);
    await PagesOfItems.RunAsync(ct);
    Loops.Run(ct);
    await Trees.RunAsync(ct);

    Expect.That(journal.Lines > 0, "failures that nobody sees are logged");
    Expect.That(audience.Measurements > 0, "instruments are read");
    Expect.That(audience.Spans > 0, "spans are told");
    Expect.That(audience.Events > 0, "events are written");
    Console.WriteLine("Everything went well.");
    return 0;
});
