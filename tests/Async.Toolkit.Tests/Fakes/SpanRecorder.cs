using System.Collections.Concurrent;
using System.Diagnostics;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Tests.Fakes;

/// <summary>Listens to every span of the library, and to those that the test makes itself, while it exists.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivitySource _own = new("The test's own");
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _begun = new();
    private readonly ConcurrentQueue<Activity> _ended = new();

    public SpanRecorder(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ToolkitDiagnostics.ActivitySourceName || source == _own,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Source == _own ? ActivitySamplingResult.AllDataAndRecorded : sampling,
            ActivityStarted = _begun.Enqueue,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyCollection<Activity> Begun => _begun;

    public IReadOnlyCollection<Activity> Ended => _ended;

    /// <summary>The spans of one group that have ended, in the order of their ends.</summary>
    public IReadOnlyList<Activity> Of(string group) => [.. _ended.Where(span => (string?)span.GetTagItem("async_toolkit.group.name") == group)];

    /// <summary>A span of the test, which is current until it is disposed.</summary>
    public Activity Begin(string name) => _own.StartActivity(name)!;

    public void Dispose()
    {
        _listener.Dispose();
        _own.Dispose();
    }
}
