using System.Diagnostics;
using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Groups;

/// <summary>What those who listen get to know of a group as a whole: its span, and how long it took. Only there where somebody listened when it began.</summary>
internal sealed class GroupWatch
{
    private readonly TaskGroupOptions _options;
    private readonly long? _began;
    private readonly Activity? _caller;
    private readonly Activity? _span;

    private GroupWatch(TaskGroupOptions options)
    {
        _options = options;
        _began = Report.IsTimingGroups ? Report.Timestamp(options.TimeProvider) : null;
        _caller = Activity.Current;
        _span = Spans.Begin(options.Name, options.TimeProvider, new(Tags.GroupName, options.Name), new(Tags.GroupKind, options.Kind));
    }

    /// <summary>Never throws; <see langword="null"/> where nobody listens.</summary>
    public static GroupWatch? Begin(TaskGroupOptions options) => Spans.AreOn || Report.IsTimingGroups ? new GroupWatch(options) : null;

    /// <summary>Makes the span the current one for the body, up to <see cref="LeaveSpan"/>.</summary>
    public void EnterSpan()
    {
        if (_span is not null)
        {
            Spans.MakeCurrent(_span);
        }
    }

    public void LeaveSpan()
    {
        if (_span is not null)
        {
            Spans.MakeCurrent(_caller);
            if (Activity.Current == _span)
            {
                // The caller's own activity has ended meanwhile, and cannot be current again.
                Spans.MakeCurrent(null);
            }
        }
    }

    /// <summary>
    /// The context of a child that is added here and now. Where the call comes from outside of the body, from the activity that the group was made
    /// in, the child belongs under the group's span all the same; one with an activity of its own, such as a request, takes that along.
    /// </summary>
    public ExecutionContext? ContextForChild()
    {
        var flow = ExecutionContext.Capture();
        if (_span is null || flow is null || Activity.Current != _caller)
        {
            return flow;
        }

        Spans.MakeCurrent(_span);
        var withSpan = ExecutionContext.Capture();
        ExecutionContext.Restore(flow);
        return withSpan;
    }

    /// <summary>The caller learns of the end next.</summary>
    public void End(in GroupEnding ending, string? firstToFail)
    {
        if (_began is { } began)
        {
            Report.GroupTook(_options.Name, ending.Word, ending.Failures.Count > 0 ? ending.Failures[0] : null, _options.TimeProvider, began);
        }

        if (ending.Reason != CancellationReason.None)
        {
            Spans.Tag(_span, Tags.CancellationReason, NameOf(ending.Reason));
        }

        Spans.End(_span, _options.TimeProvider, ending.Word, ending.Failures, firstToFail is null ? null : $"The first failure came from {firstToFail}.");
    }

    private static string NameOf(CancellationReason reason) => reason switch
    {
        CancellationReason.Caller => "caller",
        CancellationReason.Timeout => "timeout",
        CancellationReason.Failure => "failure",
        CancellationReason.Requested => "requested",
        _ => "disposed",
    };
}
