using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>How far a group has come.</summary>
internal enum GroupPhase : byte
{
    /// <summary>The body runs, or the owner of an opened group has not joined yet.</summary>
    Open,

    /// <summary>The body has ended; the group waits for its children and for the callbacks of its cancellation.</summary>
    Joining,

    /// <summary>Nothing runs and nothing will: the outcome is final.</summary>
    Ended,
}

/// <summary>Everything that can happen to a group.</summary>
internal enum GroupEvent : byte
{
    /// <summary>Somebody asks the group to run a child.</summary>
    Add,

    /// <summary>A running child ended with a cancellation that somebody had asked for. Always followed by <see cref="ChildEnded"/>.</summary>
    ChildCanceled,

    /// <summary>A running child's failure was recorded. Always followed by <see cref="ChildEnded"/>.</summary>
    ChildFailed,

    /// <summary>A running child is over, and its own task with it.</summary>
    ChildEnded,

    /// <summary>A failure of the body, or of a handler that acts for it, was recorded.</summary>
    OwnerFailed,

    /// <summary>A failure was recorded that cancels nobody: a callback's, or an isolated child's that nobody else will see.</summary>
    FailureNoted,

    /// <summary>The body ended with a cancellation that somebody had asked for. Always followed by <see cref="BodyEnded"/>.</summary>
    BodyCanceled,

    /// <summary>The body is over, or the owner of an opened group joins.</summary>
    BodyEnded,

    /// <summary>The caller's token was canceled.</summary>
    CallerCanceled,

    /// <summary>The group's time limit has passed.</summary>
    TimedOut,

    /// <summary>Somebody called <c>Cancel</c>.</summary>
    CancelRequested,

    /// <summary>The owner of an opened group disposes it without a join.</summary>
    Disposed,

    /// <summary>The cancellation has been carried out: every callback has returned.</summary>
    StrikeDone,
}

/// <summary>What the shell has to do after a step.</summary>
[Flags]
internal enum GroupAnswer : byte
{
    None = 0,

    /// <summary>Start a child: the one that was added, or after an end the one that has waited longest.</summary>
    Start = 1,

    /// <summary>The limit is reached: the added child waits.</summary>
    Wait = 2,

    /// <summary>The group is cancelling: the added child must be canceled without having run.</summary>
    Refused = 4,

    /// <summary>The group has ended: adding a child is a mistake of the caller, and a failure can only be logged.</summary>
    TooLate = 8,

    /// <summary>Cancel the token and drop what waits; report <see cref="GroupEvent.StrikeDone"/> afterwards.</summary>
    Strike = 16,

    /// <summary>The group has just ended: complete it.</summary>
    End = 32,
}

/// <summary>How a group ends.</summary>
internal enum GroupOutcome : byte
{
    Result,
    Failed,
    CallerCanceled,
    TimedOut,

    /// <summary>The group was canceled by its own <c>Cancel</c> and the body went along with it, so there is no result.</summary>
    NoResult,
}

/// <summary>What of a group's options decides its steps.</summary>
internal readonly record struct GroupRules(FailurePolicy Policy, int MaxConcurrency);

/// <summary>
/// The rules of a group: from a state and an event to the next state and what has to be done. Pure, so that tests can walk
/// through every reachable state; the shell makes each step atomic by a compare-and-swap of the state's bits.
/// </summary>
internal static class GroupMachine
{
    public static GroupAnswer Step(ref GroupState state, GroupEvent happened, GroupRules rules)
    {
        switch (happened)
        {
            case GroupEvent.Add:
                return Add(ref state, rules);

            case GroupEvent.ChildCanceled:
                // Before the group's own cancellation it is that of the child alone, and leaves nothing undone that was wanted.
                state.Unfinished |= state.Reason != CancellationReason.None;
                return GroupAnswer.None;

            case GroupEvent.ChildFailed when rules.Policy == FailurePolicy.Isolate:
                // The failure stays with the child, but a group that is being canceled has not got all its work done.
                state.Unfinished |= state.Reason != CancellationReason.None;
                return GroupAnswer.None;

            case GroupEvent.OwnerFailed when state.Phase == GroupPhase.Ended:
                return GroupAnswer.TooLate;

            case GroupEvent.ChildFailed:
            case GroupEvent.OwnerFailed:
                state.Failed = true;
                return rules.Policy == FailurePolicy.WaitForAll ? GroupAnswer.None : Strike(ref state, CancellationReason.Failure);

            case GroupEvent.FailureNoted:
                state.Failed = true;
                return GroupAnswer.None;

            case GroupEvent.ChildEnded:
                if (state.Waiting > 0)
                {
                    // The place goes straight to the next child, so that nobody who comes later can take it.
                    state.Waiting--;
                    return GroupAnswer.Start;
                }

                state.Running--;
                return EndIfIdle(ref state);

            case GroupEvent.BodyCanceled:
                state.BodyCanceled = true;
                return GroupAnswer.None;

            case GroupEvent.BodyEnded:
                state.Phase = state.Phase == GroupPhase.Open ? GroupPhase.Joining : state.Phase;
                return EndIfIdle(ref state);

            case GroupEvent.CallerCanceled:
                return Strike(ref state, CancellationReason.Caller);

            case GroupEvent.TimedOut:
                return Strike(ref state, CancellationReason.Timeout);

            case GroupEvent.CancelRequested:
                return Strike(ref state, CancellationReason.Requested);

            case GroupEvent.Disposed:
                return Strike(ref state, CancellationReason.Disposed);

            case GroupEvent.StrikeDone:
                state.Striking = false;
                return EndIfIdle(ref state);

            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened, null);
        }
    }

    /// <summary>How a group in this state ends. A failure beats a cancellation; work that finished all the same is kept.</summary>
    public static GroupOutcome Outcome(in GroupState state)
    {
        if (state.Failed)
        {
            return GroupOutcome.Failed;
        }

        bool undone = state.Unfinished || state.BodyCanceled;
        return state.Reason switch
        {
            CancellationReason.Caller when undone => GroupOutcome.CallerCanceled,
            CancellationReason.Timeout when undone => GroupOutcome.TimedOut,
            _ when state.BodyCanceled => GroupOutcome.NoResult,
            _ => GroupOutcome.Result,
        };
    }

    private static GroupAnswer Add(ref GroupState state, GroupRules rules)
    {
        if (state.Phase == GroupPhase.Ended)
        {
            return GroupAnswer.TooLate;
        }

        if (state.Reason != CancellationReason.None)
        {
            state.Unfinished = true;
            return GroupAnswer.Refused;
        }

        if (state.Running < rules.MaxConcurrency)
        {
            state.Running++;
            return GroupAnswer.Start;
        }

        state.Waiting++;
        return GroupAnswer.Wait;
    }

    private static GroupAnswer Strike(ref GroupState state, CancellationReason reason)
    {
        if (state.Reason != CancellationReason.None || state.Phase == GroupPhase.Ended)
        {
            return GroupAnswer.None;
        }

        state.Reason = reason;
        state.Striking = true;
        state.Unfinished |= state.Waiting > 0;
        state.Waiting = 0;
        return GroupAnswer.Strike;
    }

    private static GroupAnswer EndIfIdle(ref GroupState state)
    {
        if (state.Phase != GroupPhase.Joining || state.Running > 0 || state.Waiting > 0 || state.Striking)
        {
            return GroupAnswer.None;
        }

        state.Phase = GroupPhase.Ended;
        return GroupAnswer.End;
    }
}
