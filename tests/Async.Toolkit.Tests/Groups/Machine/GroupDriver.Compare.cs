using Async.Toolkit.Groups;

namespace Async.Toolkit.Tests.Groups.Machine;

// What a user can see of the group, held against the model.
internal sealed partial class GroupDriver
{
    private int _startsSeen;

    private string? Await(GroupModel before, GroupModel after)
    {
        if (after.Has(GroupAnswer.Strike) && !_struck.Wait(Guard))
        {
            return "the token was not canceled";
        }

        if (_canceler is not null && !after.StrikeOut && !_canceler.Wait(Guard))
        {
            return "Cancel did not return";
        }

        for (; _startsSeen < _ended + after.Live; _startsSeen++)
        {
            if (!_starts.Wait(Guard))
            {
                return "a child was not started";
            }
        }

        return after.Ended && !before.Ended && !End() ? "the group did not end" : null;
    }

    private string? Compare(GroupModel after)
    {
        lock (_started)
        {
            if (_started.Count - _ended != after.Live)
            {
                return $"{_started.Count - _ended} children run instead of {after.Live}";
            }

            if (!_started.SequenceEqual(_children.Where(_started.Contains)))
            {
                return "the children did not start in order";
            }
        }

        if (_group.CancellationReason != after.Machine.Reason)
        {
            return $"the reason is {_group.CancellationReason}";
        }

        if (_token.IsCancellationRequested != (after.Machine.Reason != CancellationReason.None))
        {
            return "token and reason differ";
        }

        if (after.Machine.Reason != CancellationReason.None && _setting.Seen && _children.Except(_started).Any(child => Task.WaitAny([child.Handle!], Guard) < 0 || !child.Handle!.IsCanceled))
        {
            return "the task of a dropped child is not canceled";
        }

        if (!after.Ended)
        {
            return _end is { IsCompleted: true } ? "the group ended too early" : null;
        }

        return _disposed ? (_end!.IsCompletedSuccessfully ? null : "a dispose threw") : CompareEnd(after);
    }

    private string? CompareEnd(GroupModel after)
    {
        Task end = _end!;
        switch (after.Outcome)
        {
            case GroupOutcome.Result:
                return !end.IsCompletedSuccessfully || end is Task<int> { Result: not 42 } ? $"no result: {end.Status}" : null;
            case GroupOutcome.CallerCanceled:
                return CanceledWith(end) == _caller.Token ? null : $"not canceled by the caller: {end.Status}";
            case GroupOutcome.NoResult:
                return CanceledWith(end) == _token ? null : $"not canceled by the group: {end.Status}";
            case GroupOutcome.TimedOut:
                return end.Exception is { InnerExceptions: [TimeoutException] } ? null : $"not timed out: {end.Status}";
            default:
                return CompareFailures(after, end);
        }
    }

    private string? CompareFailures(GroupModel after, Task end)
    {
        if (end.Exception is not { } thrown)
        {
            return $"no failure: {end.Status}";
        }

        List<Exception> expected = [.. _expected];
        List<Exception> actual = [.. thrown.InnerExceptions];
        if (_fromCallback is not null)
        {
            // Recorded on the thread of the strike, in no fixed order with the others.
            if (!actual.Remove(_fromCallback))
            {
                return "the callback's failure is lost";
            }
        }

        bool timedOut = after.Machine.Reason == CancellationReason.Timeout;
        if (timedOut)
        {
            if (actual is not [.., TimeoutException])
            {
                return "the TimeoutException is not the last";
            }

            actual.RemoveAt(actual.Count - 1);
        }

        return actual.Count == expected.Count && actual.Zip(expected).All(pair => Same(pair.First, pair.Second))
            ? null
            : $"failures {string.Join(", ", actual.Select(failure => failure.Message))} instead of {string.Join(", ", expected.Select(failure => failure.Message))}";
    }

    private static bool Same(Exception actual, Exception expected) =>
        expected is OperationCanceledException
            ? actual is ChildCanceledException { InnerException: OperationCanceledException inner } && inner.Message == expected.Message
            : ReferenceEquals(actual, expected);

    private static CancellationToken CanceledWith(Task end)
    {
        try
        {
            end.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException canceled) when (end.IsCanceled)
        {
            return canceled.CancellationToken;
        }
        catch (Exception)
        {
            // Not canceled: the status says so.
        }

        return default;
    }
}
