using Async.Toolkit.Groups;

namespace Async.Toolkit.Tests.Groups.Machine;

/// <summary>How a running child ends.</summary>
internal enum HowAChildEnds
{
    Returns,

    /// <summary>With an <see cref="OperationCanceledException"/>, whether or not anybody asked for it.</summary>
    IsCanceled,

    /// <summary>By <see cref="ChildOptions.CancellationToken"/>, its own.</summary>
    IsCanceledAlone,
    Throws,

    /// <summary>It throws, and so does the <see cref="TaskGroupOptions.ChildFailed"/> handler that hears of it.</summary>
    ThrowsAndItsHandlerToo,
}

/// <summary>How the body ends; that of an opened group, its join, can only return.</summary>
internal enum HowTheBodyEnds
{
    Returns,
    IsCanceled,
    Throws,
}

/// <summary>Who asks for the group's cancellation.</summary>
internal enum Ask
{
    Caller,
    Timeout,
    Cancel,
    Dispose,
}

/// <summary>How the callbacks of the cancellation end.</summary>
internal enum HowAStrikeEnds
{
    Done,
    CallbackThrows,
}

/// <summary>The group that is specified.</summary>
/// <param name="Opened">From <see cref="TaskGroup.Open"/>: no body, but a join and a dispose.</param>
/// <param name="Seen">The failure of an isolated child is seen by somebody else (its task, a handler, a log).</param>
internal sealed record GroupSetting(FailurePolicy Policy, int MaxConcurrency, bool Opened, bool Seen)
{
    /// <summary>One action for each thing that a user sees, instead of one for each step of the machine.</summary>
    public bool Coarse { get; init; }

    /// <summary>Each child has a token of its own, so that it can be canceled alone.</summary>
    public bool OwnTokens { get; init; } = true;

    public GroupRules Rules { get; } = new(Policy, MaxConcurrency);

    /// <summary>One more than may run, so that one waits.</summary>
    public int MostChildren => MaxConcurrency + 1;

    public HowAChildEnds[] ChildEndings =>
        [.. Enum.GetValues<HowAChildEnds>().Where(how => how switch
        {
            HowAChildEnds.IsCanceledAlone => OwnTokens,
            HowAChildEnds.ThrowsAndItsHandlerToo => Seen,
            _ => true,
        })];

    public HowTheBodyEnds[] BodyEndings => Opened ? [HowTheBodyEnds.Returns] : Enum.GetValues<HowTheBodyEnds>();

    public Ask[] Asks => [.. Enum.GetValues<Ask>().Where(ask => Opened || ask != Ask.Dispose)];
}

/// <summary>
/// The machine's state beside what the world outside knows of the group: the requirements compare the two. The outside part is counted from the
/// answers alone and from the words of the contract, never from the machine's own fields.
/// </summary>
internal readonly record struct GroupModel
{
    public GroupState Machine { get; init; }

    /// <summary>What the machine answered to the last action.</summary>
    public GroupAnswer Answer { get; init; }

    /// <summary>Accepted children that wait for a place and were not dropped.</summary>
    public int Queued { get; init; }

    /// <summary>Children that were started and have not ended.</summary>
    public int Live { get; init; }

    /// <summary>Of those, the ones whose outcome is recorded already.</summary>
    public int Ending { get; init; }

    public bool BodyEnding { get; init; }

    public bool BodyOver { get; init; }

    /// <summary>The token is being canceled, its callbacks run.</summary>
    public bool StrikeOut { get; init; }

    /// <summary>Who has asked so far, one bit for each <see cref="Ask"/>.</summary>
    public int Asked { get; init; }

    /// <summary>The first who asked, by the contract.</summary>
    public CancellationReason FirstReason { get; init; }

    /// <summary>A failure that the caller must see.</summary>
    public bool SawFailure { get; init; }

    /// <summary>Something that the caller wanted was not done.</summary>
    public bool LeftUndone { get; init; }

    public bool BodyWentAlong { get; init; }

    public bool Refused { get; init; }

    public bool Ended { get; init; }

    /// <summary>Somebody knocked at the ended group; nothing more is asked of it.</summary>
    public bool Closed { get; init; }

    public GroupOutcome Outcome => GroupMachine.Outcome(Machine);

    public bool Has(GroupAnswer answer) => (Answer & answer) != 0;

    public bool HasAsked(Ask ask) => (Asked & (1 << (int)ask)) != 0;

    public GroupModel Add(GroupSetting group) => Fresh().Step(GroupEvent.Add, group);

    public GroupModel EndChild(HowAChildEnds ending, GroupSetting group)
    {
        bool failure = ending >= HowAChildEnds.Throws || (ending == HowAChildEnds.IsCanceled && FirstReason == CancellationReason.None);
        GroupModel next = Fresh();
        if (failure)
        {
            bool kept = group.Policy == FailurePolicy.Isolate && !group.Seen;
            next = next.Step(kept ? GroupEvent.FailureNoted : GroupEvent.ChildFailed, group);
        }
        else if (ending != HowAChildEnds.Returns)
        {
            next = next.Step(GroupEvent.ChildCanceled, group);
        }

        next = ending == HowAChildEnds.ThrowsAndItsHandlerToo ? next.Step(GroupEvent.OwnerFailed, group) : next;
        return group.Coarse ? next.Step(GroupEvent.ChildEnded, group) : next with { Ending = Ending + 1 };
    }

    public GroupModel FinishChild(GroupSetting group) =>
        (Fresh() with { Ending = Ending - 1 }).Step(GroupEvent.ChildEnded, group);

    public GroupModel EndBody(HowTheBodyEnds ending, GroupSetting group)
    {
        bool failure = ending == HowTheBodyEnds.Throws || (ending == HowTheBodyEnds.IsCanceled && FirstReason == CancellationReason.None);
        GroupModel next = Fresh();
        next = failure ? next.Step(GroupEvent.OwnerFailed, group)
            : ending == HowTheBodyEnds.IsCanceled ? next.Step(GroupEvent.BodyCanceled, group)
            : next;
        return group.Coarse ? next.Step(GroupEvent.BodyEnded, group) : next with { BodyEnding = true };
    }

    public GroupModel FinishBody(GroupSetting group) => (Fresh() with { BodyEnding = false }).Step(GroupEvent.BodyEnded, group);

    public GroupModel Cancel(Ask ask, GroupSetting group)
    {
        GroupModel next = (Fresh() with { Asked = Asked | (1 << (int)ask) }).Step(EventOf(ask), group);
        if (ask != Ask.Dispose)
        {
            return next;
        }

        return group.Coarse ? next.Step(GroupEvent.BodyEnded, group) : next with { BodyEnding = true };
    }

    public GroupModel EndStrike(HowAStrikeEnds ending, GroupSetting group)
    {
        GroupModel next = ending == HowAStrikeEnds.CallbackThrows ? Fresh().Step(GroupEvent.FailureNoted, group) : Fresh();
        return next.Step(GroupEvent.StrikeDone, group);
    }

    private static GroupEvent EventOf(Ask ask) => ask switch
    {
        Ask.Caller => GroupEvent.CallerCanceled,
        Ask.Timeout => GroupEvent.TimedOut,
        Ask.Cancel => GroupEvent.CancelRequested,
        _ => GroupEvent.Disposed,
    };

    private GroupModel Fresh() => this with { Answer = GroupAnswer.None, Closed = Ended };

    private GroupModel Step(GroupEvent happened, GroupSetting group)
    {
        GroupState machine = Machine;
        GroupAnswer answer = GroupMachine.Step(ref machine, happened, group.Rules);
        bool started = (answer & GroupAnswer.Start) != 0;
        bool waits = (answer & GroupAnswer.Wait) != 0;
        bool struck = (answer & GroupAnswer.Strike) != 0;
        bool canceling = FirstReason != CancellationReason.None;
        bool failure = happened is GroupEvent.OwnerFailed or GroupEvent.FailureNoted
            || (happened == GroupEvent.ChildFailed && group.Policy != FailurePolicy.Isolate);

        // The failure of an isolated child is nobody's but its own, yet it is work that the cancellation may have spoiled.
        bool undone = (happened == GroupEvent.Add && canceling && !Ended)
            || (happened is GroupEvent.ChildCanceled or GroupEvent.ChildFailed && canceling)
            || (struck && Queued > 0);
        return this with
        {
            Machine = machine,
            Answer = Answer | answer,
            Queued = struck ? 0 : Queued + Count(waits) - Count(started && happened == GroupEvent.ChildEnded),
            Live = Live + Count(started) - Count(happened == GroupEvent.ChildEnded),
            StrikeOut = struck || (StrikeOut && happened != GroupEvent.StrikeDone),
            FirstReason = canceling || Ended ? FirstReason : ReasonOf(happened, group.Policy),
            SawFailure = SawFailure || failure,
            LeftUndone = LeftUndone || undone,
            BodyWentAlong = BodyWentAlong || happened == GroupEvent.BodyCanceled,
            BodyOver = BodyOver || happened == GroupEvent.BodyEnded,
            Refused = Refused || (answer & GroupAnswer.Refused) != 0,
            Ended = Ended || (answer & GroupAnswer.End) != 0,
        };

        static int Count(bool one) => one ? 1 : 0;
    }

    private static CancellationReason ReasonOf(GroupEvent happened, FailurePolicy policy) => happened switch
    {
        GroupEvent.CallerCanceled => CancellationReason.Caller,
        GroupEvent.TimedOut => CancellationReason.Timeout,
        GroupEvent.CancelRequested => CancellationReason.Requested,
        GroupEvent.Disposed => CancellationReason.Disposed,
        GroupEvent.ChildFailed when policy == FailurePolicy.CancelSiblings => CancellationReason.Failure,
        GroupEvent.OwnerFailed when policy != FailurePolicy.WaitForAll => CancellationReason.Failure,
        _ => CancellationReason.None,
    };
}
