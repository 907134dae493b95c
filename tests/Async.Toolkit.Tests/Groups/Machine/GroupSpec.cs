using Async.Toolkit.Groups;
using CsCheck;

namespace Async.Toolkit.Tests.Groups.Machine;

/// <summary>
/// What a group promises, as requirements over the machine. Each is named after the law or the row of the contract that it is taken from.
/// </summary>
internal static partial class GroupSpec
{
    public static Spec<GroupModel> Of(GroupSetting group) =>
        Spec.From(default(GroupModel)).Actions(group).Ends().Cancellation(group).Children(group).Outcomes(group);

    private static Spec<GroupModel> Actions(this Spec<GroupModel> spec, GroupSetting group)
    {
        spec.Action("Add", s => CanAdd(s, group), s => s.Add(group))
            .Action("Child", group.ChildEndings, (s, _) => s.Live > s.Ending, (s, how) => s.EndChild(how, group))
            .Action("Body", group.BodyEndings, (s, _) => s is { BodyOver: false, BodyEnding: false }, (s, how) => s.EndBody(how, group))
            .Action("Ask", group.Asks, CanAsk, (s, ask) => s.Cancel(ask, group))
            .Action("Strike", Enum.GetValues<HowAStrikeEnds>(), (s, _) => s.StrikeOut, (s, how) => s.EndStrike(how, group))
            .Terminal(s => s.Closed);
        if (!group.Coarse)
        {
            spec.Action("ChildOver", s => s.Ending > 0, s => s.FinishChild(group))
                .Action("BodyOver", s => s.BodyEnding, s => s.FinishBody(group));
        }

        return spec;
    }

    // A group that refuses is asked once, one that has ended is knocked at once: endless repetition would hide a dead end.
    private static bool CanAdd(GroupModel s, GroupSetting group) =>
        !s.Closed && (s.Ended || (s.FirstReason == CancellationReason.None ? s.Live + s.Queued < group.MostChildren : !s.Refused));

    private static bool CanAsk(GroupModel s, Ask ask) =>
        !s.Closed && !s.HasAsked(ask) && (ask != Ask.Dispose || s is { BodyOver: false, BodyEnding: false });

    private static Spec<GroupModel> Ends(this Spec<GroupModel> spec) => spec
        .Invariant(
            "LAW1-NO-ORPHANS",
            "A call that starts work returns only after all that work has finished, the callbacks of its own cancellation included.",
            s => !s.Ended || (s is { Live: 0, Queued: 0, BodyOver: true, StrikeOut: false }))
        .Invariant(
            "LAW1-ENDS",
            "The group ends as soon as its body, its children and its callbacks have.",
            s => s.Ended || !(s is { Live: 0, Queued: 0, BodyOver: true, StrikeOut: false }))
        .AtMost("END-ONCE", "A group is completed once.", 1, (b, a) => a.Has(GroupAnswer.End))
        .Rule(
            "ENDED-IS-FINAL",
            "Whatever comes after the end changes neither reason nor outcome.",
            when: (b, a) => b.Ended,
            then: (b, a) => a.Outcome == b.Outcome && a.Machine.Reason == b.Machine.Reason && !a.Has(GroupAnswer.Strike | GroupAnswer.End))
        .Rule(
            "TOO-LATE",
            "Run after the group ended: InvalidOperationException.",
            on: "Add",
            when: (b, a) => b.Ended,
            then: (b, a) => a.Answer == GroupAnswer.TooLate);

    private static Spec<GroupModel> Cancellation(this Spec<GroupModel> spec, GroupSetting group) => spec
        .Rule(
            "LAW4-FIRST-REASON",
            "The first recorded reason wins.",
            when: (b, a) => b.Machine.Reason != CancellationReason.None,
            then: (b, a) => a.Machine.Reason == b.Machine.Reason)
        .Rule(
            "LAW4-WHO-ASKED",
            "Who cancelled is never in doubt.",
            on: "Ask",
            when: (b, a) => !b.Ended,
            then: (b, a) => a.Machine.Reason == a.FirstReason)
        .Rule(
            "STRIKE-WITH-REASON",
            "The token is canceled when, and only when, the first reason is recorded.",
            (b, a) => a.Has(GroupAnswer.Strike) == (b.FirstReason == CancellationReason.None && a.FirstReason != CancellationReason.None))
        .Rule(
            "POLICY-CHILD",
            group.Policy == FailurePolicy.CancelSiblings
                ? "A child fails: the token is canceled, the rest awaited."
                : "A child fails: nobody is canceled.",
            on: "Child",
            then: (b, a) => a.Machine.Reason == a.FirstReason)
        .Rule(
            "POLICY-BODY",
            group.Policy == FailurePolicy.WaitForAll ? "Not even the body's failure cancels anybody." : "The body's failure cancels the group.",
            on: "Body",
            then: (b, a) => a.Machine.Reason == a.FirstReason)
        .Rule(
            "REFUSED",
            "Run while cancelling: the delegate is never called; the returned task is already canceled.",
            on: "Add",
            when: (b, a) => b.FirstReason != CancellationReason.None && !b.Ended,
            then: (b, a) => a.Answer == GroupAnswer.Refused && a.Machine.Waiting == 0)
        .Invariant(
            "NONE-WAITS-WHILE-CANCELING",
            "What was queued when the cancellation struck never runs.",
            s => s.FirstReason == CancellationReason.None || s.Machine.Waiting == 0);

    private static Spec<GroupModel> Children(this Spec<GroupModel> spec, GroupSetting group) => spec
        .Rule(
            "ACCEPTED",
            "Run from inside a child, also after the body returned: allowed while anything runs.",
            on: "Add",
            when: (b, a) => b.FirstReason == CancellationReason.None && !b.Ended,
            then: (b, a) => a.Has(GroupAnswer.Start) != a.Has(GroupAnswer.Wait) && a.Live + a.Queued == b.Live + b.Queued + 1)
        .Invariant("LIMIT", "MaxConcurrency reached: further children wait.", s => s.Live <= group.MaxConcurrency)
        .Invariant(
            "COUNTED",
            "The machine counts what runs and what waits.",
            s => s.Machine.Running == s.Live && s.Machine.Waiting == s.Queued)
        .Invariant(
            "NO-LOST-WAKEUP",
            "No child waits while a place is free.",
            s => s.Queued == 0 || s.Live >= group.MaxConcurrency);

    private static Spec<GroupModel> Outcomes(this Spec<GroupModel> spec, GroupSetting group)
    {
        spec.Rule(
                "LAW2-NOTHING-LOST",
                "Every failure reaches the caller: a real failure beats a cancellation, and nothing else is one.",
                when: JustEnded,
                then: (b, a) => (a.Outcome == GroupOutcome.Failed) == a.SawFailure)
            .Rule(
                "LAW4-CALLER",
                "The caller's token, with work left undone: OperationCanceledException carrying it.",
                when: (b, a) => JustEnded(b, a) && !a.SawFailure && a.FirstReason == CancellationReason.Caller && (a.LeftUndone || a.BodyWentAlong),
                then: (b, a) => a.Outcome == GroupOutcome.CallerCanceled)
            .Rule(
                "LAW4-TIMEOUT",
                "Our deadline, with work left undone: TimeoutException.",
                when: (b, a) => JustEnded(b, a) && !a.SawFailure && a.FirstReason == CancellationReason.Timeout && (a.LeftUndone || a.BodyWentAlong),
                then: (b, a) => a.Outcome == GroupOutcome.TimedOut)
            .Rule(
                "LAW5-KEPT",
                "When the body and every child succeeded all the same, the result is returned.",
                when: (b, a) => JustEnded(b, a) && !a.SawFailure && !a.LeftUndone && !a.BodyWentAlong,
                then: (b, a) => a.Outcome == GroupOutcome.Result)
            .Rule(
                "CANCEL-IS-NORMAL",
                "group.Cancel(): the group ends normally with the body's result; a body that went along has none.",
                when: (b, a) => JustEnded(b, a) && !a.SawFailure && a.FirstReason is CancellationReason.Requested or CancellationReason.Disposed,
                then: (b, a) => a.Outcome == (a.BodyWentAlong ? GroupOutcome.NoResult : GroupOutcome.Result))
            .Reachable("CAN-KEEP-WHILE-CANCELED", "Work that finished is kept, even after a cancellation by the caller.", s => s is { Ended: true, Outcome: GroupOutcome.Result, FirstReason: CancellationReason.Caller })
            .Reachable("CAN-FAIL-WHILE-CANCELED", "A failure beats a cancellation that came first.", s => s is { Ended: true, Outcome: GroupOutcome.Failed, FirstReason: CancellationReason.Caller })
            .Reachable("CAN-TIME-OUT", "A time limit can end the group.", s => s is { Ended: true, Outcome: GroupOutcome.TimedOut });
        return group.Opened ? spec : spec.Reachable("CAN-HAVE-NO-RESULT", "A body can go along with Cancel.", s => s is { Ended: true, Outcome: GroupOutcome.NoResult });
    }

    private static bool JustEnded(GroupModel before, GroupModel after) => after.Ended && !before.Ended;
}
