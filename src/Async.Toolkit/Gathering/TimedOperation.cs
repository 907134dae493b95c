using System.Collections.Concurrent;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;
using Async.Toolkit.Timing;

namespace Async.Toolkit.Gathering;

/// <summary>Gives each item so much time. An item that ends after its limit struck has failed, unless it succeeded all the same.</summary>
internal sealed class TimedOperation<TSource, T>(ItemOperation<TSource, T> inner, TimeSpan timeout, GroupCore group) : ItemOperation<TSource, T>
{
    // One for each item under way; a limit serves one item after another.
    private readonly ConcurrentBag<ItemLimit> _idle = [];

    public override Task? Begin(TSource item, long index, CancellationToken token, out T result)
    {
        if (!_idle.TryTake(out ItemLimit? limit))
        {
            limit = new ItemLimit(group.Options.TimeProvider, timeout, group.Options.Name, token);
        }

        CancellationToken itemToken = limit.Begin();
        Task? pending;
        try
        {
            pending = inner.Begin(item, index, itemToken, out result);
        }
        catch (Exception thrown)
        {
            result = default!;
            pending = Task.FromException(thrown);
        }

        // Once for each item: a limit that was told twice could hand its last word to the item that has it next.
        Task? callbacks = pending is null ? limit.End() : null;
        if (pending is null && callbacks is null && limit.CallbackFailures.Count == 0)
        {
            _idle.Add(limit);
            return null;
        }

        var outcome = new TaskCompletionSource<T>();
        _ = FinishAsync(limit, index, pending, callbacks, result, outcome, itemToken);
        return outcome.Task;
    }

    public override void Close()
    {
        while (_idle.TryTake(out ItemLimit? limit))
        {
            try
            {
                limit.Dispose();
            }
            catch (Exception thrown)
            {
                // A clock that throws here must not keep the call from completing.
                group.Fail([thrown], "the clock");
            }
        }
    }

    private async Task FinishAsync(ItemLimit limit, long index, Task? pending, Task? callbacks, T result, TaskCompletionSource<T> outcome, CancellationToken itemToken)
    {
        IReadOnlyList<Exception> thrown = [];
        if (pending is not null)
        {
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (pending.IsCompletedSuccessfully)
            {
                result = inner.ResultOf(pending);
            }
            else
            {
                thrown = Failures.Of(pending);
            }

            callbacks = limit.End();
        }

        if (callbacks is not null)
        {
            await callbacks.ConfigureAwait(false);
        }

        List<Exception> all = [.. thrown, .. limit.CallbackFailures];
        if (all.Count > 0 && limit.Reason == LimitReason.Deadline)
        {
            // What the strike caused is no failure of its own; the strike is.
            all = group.FailuresIn(all, $"Item {index}", itemToken);
            if (thrown.Count > 0 && !all.Exists(Deadline.IsExceeded))
            {
                all.Add(limit.Exceeded($"Item {index} of '{group.Options.Name}'"));
            }
        }

        _idle.Add(limit);
        if (all.Count == 0)
        {
            outcome.SetResult(result);
        }
        else
        {
            outcome.SetException(all);
        }
    }
}
