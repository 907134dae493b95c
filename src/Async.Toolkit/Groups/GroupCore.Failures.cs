using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Groups;

// Where the failure of a child goes besides the caller.
internal sealed partial class GroupCore
{
    /// <summary>Lets the failure reach somebody else than the caller: its own task, the handler or the log. Where none of them took it, it is the caller's.</summary>
    private void Isolate(Child child, List<Exception> failures)
    {
        Exception? broken = CallChildFailed(child, failures);
        bool handled = Options.ChildFailed is not null && broken is null;
        bool logged = !Options.IsQuietOnFailure && Report.ChildFailed(Options.EffectiveLogger, Options.Name, failures[0], child.Site);
        if (handled || logged || child.Work is { HasTask: true })
        {
            Step(GroupEvent.ChildFailed);
        }
        else
        {
            Record(failures, GroupEvent.FailureNoted, child.Site.Place);
        }

        RecordHandlerFailure(broken);
    }

    private Exception? CallChildFailed(Child child, List<Exception> failures)
    {
        try
        {
            Options.ChildFailed?.Invoke(new ChildFailure(Options.Name, child.Site.Name, child.Site.File, child.Site.Line, failures.AsReadOnly()));
            return null;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    private void RecordHandlerFailure(Exception? broken)
    {
        if (broken is not null)
        {
            CarryOut(Record([broken], GroupEvent.OwnerFailed, $"the {nameof(TaskGroupOptions.ChildFailed)} handler"));
        }
    }
}
