using System.Collections.Concurrent;
using System.Diagnostics;

namespace Async.Toolkit.Tests.Fakes;

/// <summary>Keeps what goes to the trace listeners while it exists.</summary>
internal sealed class TraceRecorder : TraceListener
{
    private readonly ConcurrentQueue<string> _lines = new();

    public TraceRecorder() => Trace.Listeners.Add(this);

    public string Text => string.Join('\n', _lines);

    public override void Write(string? message) => _lines.Enqueue(message ?? "");

    public override void WriteLine(string? message) => _lines.Enqueue(message ?? "");

    protected override void Dispose(bool disposing)
    {
        Trace.Listeners.Remove(this);
        base.Dispose(disposing);
    }
}
