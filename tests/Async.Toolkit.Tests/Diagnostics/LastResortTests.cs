using System.Collections.Concurrent;
using System.Diagnostics;
using Async.Toolkit.Diagnostics;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Async.Toolkit.Tests.Diagnostics;

/// <summary>What goes to the trace listeners because nobody else takes it.</summary>
public sealed class LastResortTests
{
    [Theory]
    [InlineData(LogLevel.Warning, TraceEventType.Warning)]
    [InlineData(LogLevel.Error, TraceEventType.Error)]
    [InlineData(LogLevel.Critical, TraceEventType.Error)]
    public void It_is_traced_whole_and_by_its_weight(LogLevel level, TraceEventType traced)
    {
        using var listener = new Listener();
        var failure = new IOException($"traced for {level}");
        LastResort.Instance.Log(level, default, "a message", failure, static (message, thrown) => $"{message} of {thrown!.GetType().Name}");

        (TraceEventType weight, string? text) = Assert.Single(listener.Heard, heard => heard.Text?.Contains(failure.Message, StringComparison.Ordinal) == true);
        Assert.Equal((traced, $"a message of IOException {failure}"), (weight, text));
        Assert.True(LastResort.Instance.IsEnabled(level));
    }

    private sealed class Listener : TraceListener
    {
        public Listener() => Trace.Listeners.Add(this);

        public ConcurrentQueue<(TraceEventType Weight, string? Text)> Heard { get; } = new();

        public override void TraceEvent(TraceEventCache? eventCache, string source, TraceEventType eventType, int id, string? message) =>
            Heard.Enqueue((eventType, message));

        public override void Write(string? message)
        {
        }

        public override void WriteLine(string? message)
        {
        }

        protected override void Dispose(bool disposing)
        {
            Trace.Listeners.Remove(this);
            base.Dispose(disposing);
        }
    }
}
