using Async.Toolkit.Groups;

namespace Async.Toolkit.Pages;

// How the loop ends for its consumer. That is what those hear who listen: what was asked for ahead may have ended otherwise.
internal sealed partial class PageWalk<T>
{
    private LoopEnd _end;

    // What the consumer is thrown, where the group does not know it.
    private Exception? _thrown;

    private enum LoopEnd
    {
        /// <summary>The consumer has gone before the end.</summary>
        Left,

        /// <summary>There is no further page.</summary>
        Reached,

        /// <summary>The consumer is thrown a failure or a cancellation.</summary>
        Thrown,
    }

    private GroupEnding EndOfLoop(GroupEnding group) => _end switch
    {
        LoopEnd.Reached => new(GroupOutcome.Result, CancellationReason.None, []),

        // Gone because of its own token, which the enumeration need not have seen yet.
        LoopEnd.Left when _callerToken.IsCancellationRequested => new(GroupOutcome.CallerCanceled, CancellationReason.Caller, []),
        LoopEnd.Left => new(GroupOutcome.Result, CancellationReason.Requested, []),
        _ when _thrown is OperationCanceledException => new(GroupOutcome.CallerCanceled, CancellationReason.Caller, []),
        _ when _thrown is not null => new(GroupOutcome.Failed, CancellationReason.Failure, [_thrown]),

        // A step of a stream throws one failure.
        _ => group with { Failures = [.. group.Failures.Take(1)] },
    };
}
