using System.Diagnostics;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>A child with a span of its own, from its call to its end. It ends before the child's own task does.</summary>
internal sealed class TracedWork(object inner, CallerSite site, TaskGroupOptions options) : IChildWork
{
    private Activity? _span;

    public bool HasTask => Inner is { HasTask: true };

    public CancellationToken OwnToken => Inner?.OwnToken ?? default;

    public string? Label => Inner?.Label;

    private IChildWork? Inner => inner as IChildWork;

    // The child's context is its own, and given up when this returns: what the span is current in is the child.
    public Task? Begin(CancellationToken groupToken)
    {
        _span = Spans.Begin(site.Name, options.TimeProvider, new(Tags.GroupName, options.Name), new(Tags.FilePath, site.File), new(Tags.LineNumber, site.Line));
        if (_span is not null)
        {
            Spans.MakeCurrent(_span);
        }

        return Child.Call(inner, groupToken);
    }

    public void Succeed(Task? finished)
    {
        End(Outcomes.Succeeded, []);
        Inner?.Succeed(finished);
    }

    public void Fail(IReadOnlyList<Exception> failures)
    {
        End(Outcomes.Failed, failures);
        Inner?.Fail(failures);
    }

    public void Cancel(CancellationToken token)
    {
        End(Outcomes.Canceled, []);
        Inner?.Cancel(token);
    }

    private void End(string outcome, IReadOnlyList<Exception> failures) => Spans.End(_span, options.TimeProvider, outcome, failures);
}
