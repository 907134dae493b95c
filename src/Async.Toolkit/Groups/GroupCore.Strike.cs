using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Groups;

// The strike: who may cancel the group, and what happens then, once.
internal sealed partial class GroupCore
{
    /// <summary>
    /// Strikes for <paramref name="why"/> unless there is a reason already. The callbacks run on the caller's thread when the group's own user
    /// asks, on the pool otherwise: the thread that happens to cancel the caller's token owes us nothing.
    /// </summary>
    public void Cancel(GroupEvent why)
    {
        GroupAnswer answer = Step(why);
        if ((answer & GroupAnswer.Strike) != 0 && why == GroupEvent.CancelRequested)
        {
            StrikeHere();
        }
        else
        {
            CarryOut(answer);
        }
    }

    private void CancelFor(CancellationToken callerToken)
    {
        GroupAnswer answer = Step(GroupEvent.CallerCanceled);
        if ((answer & GroupAnswer.Strike) != 0)
        {
            _canceledBy = callerToken;
        }

        CarryOut(answer);
    }

    private void OnDeadline()
    {
        if (CallerToken is { IsCancellationRequested: true } canceled)
        {
            CancelFor(canceled);
        }
        else
        {
            Cancel(GroupEvent.TimedOut);
        }
    }

    /// <summary>
    /// Whether somebody has asked for the cancellation. The caller's token is asked itself: a child that listens to that token directly may
    /// end before the group's own registration is called.
    /// </summary>
    public bool IsCancellationAsked()
    {
        if (!IsCanceling && CallerToken is { IsCancellationRequested: true } canceled)
        {
            CancelFor(canceled);
        }

        return IsCanceling;
    }

    private void StrikeHere()
    {
        WatchForStragglers();
        DropWaiting();
        Exception? thrown = null;
        try
        {
            _source.Cancel();
        }
        catch (Exception failure)
        {
            thrown = failure;
        }

        AfterCallbacks(thrown);
    }

    private async Task StrikeAsync()
    {
        // The clock first: whoever hears of the cancellation finds the time for the warning running.
        WatchForStragglers();

        // The flag at once, so that who sees a failure sees the cancellation too; the callbacks and all the rest on the pool.
        Task callbacks = _source.CancelAsync();
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        DropWaiting();
        await callbacks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Reason == CancellationReason.Timeout)
        {
            Report.CountStrike(DeadlineKind.Group, Options.Name);
        }

        AfterCallbacks(callbacks.Exception);
    }

    private void AfterCallbacks(Exception? thrown)
    {
        if (thrown is not null)
        {
            IReadOnlyList<Exception> all = thrown is AggregateException several ? several.Flatten().InnerExceptions : [thrown];
            List<Exception> failures = WithoutCancellation(all, "A cancellation callback");
            if (failures.Count > 0)
            {
                Record(failures, GroupEvent.FailureNoted, "a cancellation callback");
            }
        }

        CarryOut(Step(GroupEvent.StrikeDone));
    }
}
