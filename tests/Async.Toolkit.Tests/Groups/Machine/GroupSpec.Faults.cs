using Async.Toolkit.Groups;
using CsCheck;

namespace Async.Toolkit.Tests.Groups.Machine;

internal static partial class GroupSpec
{
    /// <summary>Mistakes that a group could make, some of them made by others before, each with the requirement that has to notice.</summary>
    private static readonly (string Fault, string CaughtBy, string? On, Func<GroupModel, GroupModel, bool> When, Func<GroupModel, GroupModel, GroupModel> Perturb)[] Planted =
    [
        ("ends while a child runs", "LAW1-NO-ORPHANS", null, (b, a) => a is { BodyOver: true, Live: > 0, Ended: false }, (b, a) => End(a)),
        ("ends while callbacks run", "LAW1-NO-ORPHANS", null, (b, a) => a is { BodyOver: true, Live: 0, StrikeOut: true, Ended: false }, (b, a) => End(a)),
        ("ends before the body", "LAW1-NO-ORPHANS", "ChildOver", (b, a) => a is { BodyOver: false, Live: 0, Queued: 0, StrikeOut: false }, (b, a) => End(a)),
        ("never ends", "LAW1-ENDS", null, JustEnded, (b, a) => a with { Ended = false, Answer = a.Answer & ~GroupAnswer.End, Machine = a.Machine with { Phase = GroupPhase.Joining } }),
        ("completes twice", "END-ONCE", "Ask", (b, a) => b.Ended, (b, a) => a with { Answer = GroupAnswer.End }),
        ("a late cancellation is recorded", "ENDED-IS-FINAL", "Ask", (b, a) => b.Ended, (b, a) => a with { Machine = a.Machine with { Reason = CancellationReason.Caller, Unfinished = true } }),
        ("a late child is merely refused", "TOO-LATE", "Add", (b, a) => b.Ended, (b, a) => a with { Answer = GroupAnswer.Refused }),
        ("the last reason wins", "LAW4-FIRST-REASON", "Ask", (b, a) => !b.Ended && b.FirstReason != CancellationReason.None, (b, a) => Because(a, CancellationReason.None)),
        ("the deadline takes the blame for the caller", "LAW4-WHO-ASKED", "Ask", (b, a) => a.FirstReason == CancellationReason.Caller, (b, a) => Because(a, CancellationReason.Timeout)),
        ("the token is not canceled", "STRIKE-WITH-REASON", null, (b, a) => a.Has(GroupAnswer.Strike), (b, a) => a with { Answer = a.Answer & ~GroupAnswer.Strike }),
        ("the token is canceled again", "STRIKE-WITH-REASON", "Ask", (b, a) => !b.Ended && b.FirstReason != CancellationReason.None, (b, a) => a with { Answer = GroupAnswer.Strike }),
        ("a child turns the policy round", "POLICY-CHILD", "Child", (b, a) => b.FirstReason == CancellationReason.None, (b, a) => Because(a, Other(a.Machine.Reason))),
        ("the body turns the policy round", "POLICY-BODY", "Body", (b, a) => b.FirstReason == CancellationReason.None, (b, a) => Because(a, Other(a.Machine.Reason))),
        ("accepts while cancelling", "REFUSED", "Add", (b, a) => a.Has(GroupAnswer.Refused), (b, a) => a with { Answer = GroupAnswer.Wait, Queued = a.Queued + 1, Machine = a.Machine with { Waiting = a.Machine.Waiting + 1 } }),
        ("the queue outlives the cancellation", "NONE-WAITS-WHILE-CANCELING", null, (b, a) => a.Has(GroupAnswer.Strike) && b.Queued > 0, (b, a) => a with { Machine = a.Machine with { Waiting = b.Machine.Waiting } }),
        ("closes when the body returns", "ACCEPTED", "Add", (b, a) => b.BodyOver && a.Has(GroupAnswer.Start | GroupAnswer.Wait), (b, a) => a with { Answer = GroupAnswer.TooLate, Live = b.Live, Queued = b.Queued, Machine = b.Machine }),
        ("starts one too many", "LIMIT", "Add", (b, a) => a.Has(GroupAnswer.Wait), (b, a) => a with { Answer = GroupAnswer.Start, Live = b.Live + 1, Queued = b.Queued, Machine = a.Machine with { Running = b.Live + 1, Waiting = b.Queued } }),
        ("forgets an end", "COUNTED", "ChildOver", (b, a) => b.Queued == 0, (b, a) => a with { Ended = false, Machine = a.Machine with { Running = b.Machine.Running } }),
        ("an end starts nobody", "NO-LOST-WAKEUP", "ChildOver", (b, a) => b.Queued > 0, (b, a) => a with { Live = b.Live - 1, Queued = b.Queued, Machine = a.Machine with { Running = b.Live - 1, Waiting = b.Queued } }),
        ("loses a failure", "LAW2-NOTHING-LOST", null, (b, a) => a.Machine.Failed, (b, a) => a with { Machine = a.Machine with { Failed = false } }),
        ("takes a cancellation for a failure", "LAW2-NOTHING-LOST", "Ask", (b, a) => a.Has(GroupAnswer.Strike), (b, a) => a with { Machine = a.Machine with { Failed = true } }),
        ("the caller's cancellation reads as success", "LAW4-CALLER", null, (b, a) => a.FirstReason == CancellationReason.Caller, (b, a) => Finished(a)),
        ("the time limit reads as success", "LAW4-TIMEOUT", null, (b, a) => a.FirstReason == CancellationReason.Timeout, (b, a) => Finished(a)),
        ("throws finished work away", "LAW5-KEPT", "Ask", (b, a) => a.Has(GroupAnswer.Strike), (b, a) => a with { Machine = a.Machine with { Unfinished = true } }),
        ("an earlier child's own cancellation spoils the result", "LAW5-KEPT", "Child", (b, a) => b.FirstReason == CancellationReason.None && a.FirstReason == CancellationReason.None && !a.SawFailure, (b, a) => a with { Machine = a.Machine with { Unfinished = true } }),
        ("makes up a missing result", "CANCEL-IS-NORMAL", "Body", (b, a) => a is { BodyWentAlong: true, FirstReason: CancellationReason.Requested }, (b, a) => Finished(a)),
        ("denies the result after Cancel", "CANCEL-IS-NORMAL", "Strike", (b, a) => a is { FirstReason: CancellationReason.Requested or CancellationReason.Disposed, LeftUndone: true }, (b, a) => a with { Machine = a.Machine with { BodyCanceled = true } }),
    ];

    /// <summary>The faults that this setting can show, with the requirement that has to catch each.</summary>
    public static IReadOnlyDictionary<string, string> PlantFaults(this Spec<GroupModel> spec, GroupSetting group)
    {
        var planted = new Dictionary<string, string>();
        foreach ((string fault, string caughtBy, string? on, Func<GroupModel, GroupModel, bool> when, Func<GroupModel, GroupModel, GroupModel> perturb) in Planted)
        {
            if (group.Opened && fault == "makes up a missing result")
            {
                continue;
            }

            _ = on is null ? spec.Fault(fault, when, perturb) : spec.Fault(fault, on, when, perturb);
            planted.Add(fault, caughtBy);
        }

        return planted;
    }

    private static GroupModel End(GroupModel s) =>
        s with { Ended = true, Answer = s.Answer | GroupAnswer.End, Machine = s.Machine with { Phase = GroupPhase.Ended } };

    private static GroupModel Because(GroupModel s, CancellationReason reason) => s with { Machine = s.Machine with { Reason = reason } };

    private static GroupModel Finished(GroupModel s) => s with { Machine = s.Machine with { Unfinished = false, BodyCanceled = false } };

    private static CancellationReason Other(CancellationReason reason) =>
        reason == CancellationReason.None ? CancellationReason.Failure : CancellationReason.None;
}
