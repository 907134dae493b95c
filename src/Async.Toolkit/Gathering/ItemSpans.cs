using System.Collections.Concurrent;
using System.Diagnostics;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Gathering;

/// <summary>The spans of a call's items, where they were asked for.</summary>
internal sealed class ItemSpans(GatherOptions options)
{
    private readonly ConcurrentDictionary<long, Activity> _open = new();

    public void Begin(long index)
    {
        Activity? span = Spans.Begin($"{options.Name} item", options.TimeProvider, new(Tags.GroupName, options.Name), new(Tags.ItemIndex, index));
        if (span is not null)
        {
            _open[index] = span;
            Spans.MakeCurrent(span);
        }
    }

    public void Succeeded(long index) => End(index, Outcomes.Succeeded, []);

    /// <param name="index">The item.</param>
    /// <param name="failures">Empty where it was canceled.</param>
    public void Threw(long index, IReadOnlyList<Exception> failures) => End(index, failures.Count == 0 ? Outcomes.Canceled : Outcomes.Failed, failures);

    // An item that never came to its delegate has no span.
    private void End(long index, string outcome, IReadOnlyList<Exception> failures)
    {
        if (_open.TryRemove(index, out Activity? span))
        {
            Spans.End(span, options.TimeProvider, outcome, failures);
        }
    }
}
