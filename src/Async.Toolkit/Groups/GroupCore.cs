using System.Diagnostics;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;
using Async.Toolkit.Timing;
using Microsoft.Extensions.Logging;

namespace Async.Toolkit.Groups;

/// <summary>Receives the outcome of a group, once, when nothing of it runs any more.</summary>
internal interface IGroupEnd
{
    void Complete(GroupOutcome outcome, GroupCore group);

    /// <summary>Tells the task tree what the group stands for, where it is more than a group.</summary>
    void Describe(LiveView view)
    {
    }

    /// <summary>Tells the task tree of an item that one of the group's workers runs.</summary>
    void DescribeItem(LiveView view, long item)
    {
    }
}

/// <summary>
/// The shell around <see cref="GroupMachine"/>: takes one atomic step per event and carries out the answer. No user code (delegates, handlers,
/// callbacks, a context's Post) runs under any of its locks.
/// </summary>
internal sealed partial class GroupCore : LiveNode
{
    private readonly CancellationTokenSource _source = new();
    private IGroupEnd? _end;
    private readonly bool _hasBody;
    private readonly bool _followsChildren;
    private readonly GroupRules _rules;
    private readonly CancellationToken _callerToken;
    private readonly CancellationToken _secondToken;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly CancellationTokenRegistration _secondRegistration;
    private readonly Deadline? _deadline;

    private readonly Lock _recording = new();

    private ulong _state;
    private FailureList? _failures;
    private string? _firstToFail;

    // Which of the caller's tokens canceled the group. Set before that is carried out, hence before the group ends.
    private CancellationToken _canceledBy;
    private Deadline? _warning;

    public GroupCore(TaskGroupOptions options, IGroupEnd end, bool hasBody, CancellationToken callerToken, CancellationToken secondToken = default)
    {
        Options = options;
        _end = end;
        _hasBody = hasBody;
        _followsChildren = options.FollowChildren;
        _rules = new GroupRules(options.FailurePolicy, options.MaxConcurrency ?? int.MaxValue);
        _context = options.ChildContext == ChildContext.Caller ? SynchronizationContext.Current : null;
        _waiting = options.MaxConcurrency is null ? null : new Queue<WaitingChild>();
        _callerToken = callerToken;
        _secondToken = secondToken;

        // Last: each may strike at once, and then find everything in place. The clock before the tokens: it may throw.
        _deadline = Deadline.After(options.TimeProvider, options.Timeout, static group => ((GroupCore)group).OnDeadline(), this);
        _callerRegistration = callerToken.UnsafeRegister(static (group, token) => ((GroupCore)group!).CancelFor(token), this);
        _secondRegistration = secondToken.UnsafeRegister(static (group, token) => ((GroupCore)group!).CancelFor(token), this);

        // After all that may throw. It cannot end before somebody has it.
        Parent = options.Owner ?? LiveScope.Here;
        Started = LiveClock.Now(options.TimeProvider, mayAsk: IsFollowed);
        LiveRegistry.Enter(this);
        Watch = GroupWatch.Begin(options);
        Report.GroupBegan(Id, options.Name);
    }

    public TaskGroupOptions Options { get; }

    /// <summary>Those who listen to this group; <see langword="null"/> where nobody did when it began.</summary>
    public GroupWatch? Watch { get; }

    /// <summary>The caller's token; of the two that the caller of a stream may hold, the one that was canceled first.</summary>
    public CancellationToken CallerToken => _canceledBy.CanBeCanceled ? _canceledBy
        : _secondToken.IsCancellationRequested && !_callerToken.IsCancellationRequested ? _secondToken
        : _callerToken;

    public CancellationToken Token => _source.Token;

    public CancellationReason Reason => State.Reason;

    public bool IsCanceling => State.Reason != CancellationReason.None;

    private GroupState State => new(Volatile.Read(ref _state));

    /// <summary>The failures in order of occurrence, each once; only for the end of the group, when nothing is added any more.</summary>
    public Exception[] FinalFailures()
    {
        Debug.Assert(State.Phase == GroupPhase.Ended, "Failures are complete only once the group has ended.");
        Exception[] all;
        lock (_recording)
        {
            // What comes too late for the outcome is recorded before anybody knows that it does.
            all = _failures!.ToArray();
        }

        if (Reason != CancellationReason.Timeout)
        {
            return all;
        }

        // A limit within that struck first has said so already: ours says more only where it left other work undone.
        GroupState state = State;
        bool isTold = Array.Exists(all, Deadline.IsExceeded) && !state.Unfinished && !state.BodyCanceled;
        return isTold ? all : [.. all, TimedOut(Options)];
    }

    public static TimeoutException TimedOut(TaskGroupOptions options) =>
        Deadline.Exceeded($"Task group '{options.Name}'", options.Timeout);

    public void OnBodySucceeded() => CarryOut(Step(GroupEvent.BodyEnded));

    public void OnBodyCanceled(Task body)
    {
        if (!IsCancellationAsked())
        {
            OnBodyFaulted(Failures.Of(body));
            return;
        }

        Step(GroupEvent.BodyCanceled);
        CarryOut(Step(GroupEvent.BodyEnded));
    }

    public void OnBodyFaulted(IReadOnlyList<Exception> thrown)
    {
        List<Exception> failures = WithoutCancellation(thrown, "The body");
        if (failures.Count > 0)
        {
            CarryOut(Record(failures, GroupEvent.OwnerFailed, "the body"));
        }
        else
        {
            Step(GroupEvent.BodyCanceled);
        }

        CarryOut(Step(GroupEvent.BodyEnded));
    }

    /// <summary>Records what a callback threw that the group's context ran for nobody; gives back what comes too late for the group's own outcome.</summary>
    public IReadOnlyList<Exception> OnPostedCallbackFaulted(Exception thrown)
    {
        List<Exception> failures = WithoutCancellation([thrown], "A posted callback");
        if (failures.Count == 0)
        {
            return [];
        }

        GroupAnswer answer = Record(failures, GroupEvent.OwnerFailed, "a posted callback");
        CarryOut(answer);
        return answer == GroupAnswer.TooLate ? failures : [];
    }

    private GroupAnswer Step(GroupEvent happened)
    {
        ulong seen = Volatile.Read(ref _state);
        while (true)
        {
            var state = new GroupState(seen);
            GroupAnswer answer = GroupMachine.Step(ref state, happened, _rules);
            ulong found = Interlocked.CompareExchange(ref _state, state.Bits, seen);
            if (found == seen)
            {
                return answer;
            }

            seen = found;
        }
    }

    // The list first: who sees the step's effect finds the failure.
    private GroupAnswer Record(IReadOnlyList<Exception> failures, GroupEvent happened, string from)
    {
        lock (_recording)
        {
            _failures ??= new FailureList();
            _failures.AddRange(failures);
            _firstToFail ??= from;
        }

        return Step(happened);
    }

    /// <summary>Does what needs no more than the answer; children are started where the answer is asked for.</summary>
    public void CarryOut(GroupAnswer answer)
    {
        if ((answer & GroupAnswer.Strike) != 0)
        {
            _ = StrikeAsync();
        }

        if ((answer & GroupAnswer.End) != 0)
        {
            End();
        }
    }

    private void WatchForStragglers()
    {
        try
        {
            if (Report.IsLogging(Options.EffectiveLogger, LogLevel.Warning))
            {
                _warning = Deadline.After(Options.TimeProvider, Options.CancellationWarningDelay, static group => ((GroupCore)group).WarnOfStragglers(), this);
            }
        }
        catch (Exception thrown)
        {
            Record([thrown], GroupEvent.FailureNoted, "the clock");
        }
    }

    /// <summary>What of <paramref name="thrown"/> is a failure: not the cancellations that were asked for.</summary>
    private List<Exception> WithoutCancellation(IReadOnlyList<Exception> thrown, string what, CancellationToken ownToken = default)
    {
        bool asked = IsCancellationAsked() || ownToken.IsCancellationRequested;
        return CancellationRule.FailuresIn(thrown, asked, $"{what} of {Options.Noun} '{Options.Name}'", Options.IsCancellation);
    }

    private void End()
    {
        _callerRegistration.Unregister();
        _secondRegistration.Unregister();
        Stop(_deadline);
        Stop(_warning);
        LeaveRegistry();
        GroupOutcome outcome = GroupMachine.Outcome(State);
        if (outcome == GroupOutcome.Failed && !Options.IsQuietOnFailure)
        {
            Report.GroupFailed(Options.EffectiveLogger, Options.Noun, Options.Name, _failures!.First, _firstToFail!);
        }

        IGroupEnd end = _end!;

        // Whoever keeps the context of a group that was followed keeps the group, but nothing that belonged to its run.
        (_end, _roster, Parent) = (null, null, null);
        end.Complete(outcome, this);
    }

    // A clock that throws here must not keep the group from completing.
    private void Stop(Deadline? timer)
    {
        try
        {
            timer?.Dispose();
        }
        catch (Exception thrown)
        {
            Record([thrown], GroupEvent.FailureNoted, "the clock");
        }
    }
}
