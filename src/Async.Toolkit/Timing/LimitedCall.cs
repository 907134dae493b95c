using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Timing;

/// <summary>
/// One operation under a limit, from its call to the outcome. Reused for later calls, with its timer: a call costs its token source, and where
/// it has to wait, the task that is awaited.
/// </summary>
internal sealed class LimitedCall<TOperation, T, TOutcome, TResult>(TimeProvider clock) : TimeLimit(clock)
    where TOperation : struct, IOperation<CancellationToken, T>
    where TOutcome : struct, ILimitOutcome<T, TResult>
{
    private readonly bool _isReusable = clock == TimeProvider.System;
    private AsyncTimeoutOptions _options = AsyncTimeoutOptions.Default;
    private TimeSpan _timeout;
    private TOperation _operation;
    private TaskCompletionSource<TResult>? _completion;
    private Task? _pending;
    private Action? _settle;
    private Exception? _broken;

    public static Task<TResult> Start(TimeSpan timeout, AsyncTimeoutOptions options, TOperation operation, CancellationToken callerToken)
    {
        if (callerToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(callerToken);
        }

        if (timeout == TimeSpan.Zero)
        {
            Report.CountStrike(DeadlineKind.Operation, options.Name);
            return TOutcome.ThrowsWhenExpired ? Task.FromException<TResult>(Exceeded(options.Label, timeout)) : Task.FromResult<TResult>(default!);
        }

        // A timer belongs to its clock, so that only those of the one clock that is everybody's are kept.
        LimitedCall<TOperation, T, TOutcome, TResult> call =
            options.TimeProvider == TimeProvider.System && Reuse<LimitedCall<TOperation, T, TOutcome, TResult>>.Take() is { } used
                ? used
                : new(options.TimeProvider);
        call._options = options;
        call._timeout = timeout;
        return call.Run(operation, callerToken);
    }

    protected override void OnStruck() => Report.CountStrike(DeadlineKind.Operation, _options.Name);

    protected override void OnQuiet()
    {
        if (IsAbandoned)
        {
            ReportLeftBehind();
        }
        else
        {
            Complete();
        }
    }

    protected override void OnAbandoned()
    {
        // What is left behind may never end, and the caller's token live for ever.
        LetGo();
        string what = IsOnlyCallbacksAbandoned ? $"A cancellation callback of {_options.LabelWithin}" : _options.Label;
        Report.OperationAbandoned(_options.EffectiveLogger, what, Patience, Reason == LimitReason.Caller ? "by its caller" : $"time limit of {_timeout}");
        if (IsOnlyCallbacksAbandoned)
        {
            Conclude(_completion!, Thrown(), callbackFailures: []);
        }
        else
        {
            Cancel(_completion!);
        }
    }

    private Task<TResult> Run(TOperation operation, CancellationToken callerToken)
    {
        CancellationToken token = callerToken;
        if (_timeout == Timeout.InfiniteTimeSpan && _options.AbandonAfter == Timeout.InfiniteTimeSpan)
        {
            // Nobody but the caller can cancel, and the caller's own token says so itself.
            Outer = callerToken;
        }
        else
        {
            token = Open();
            Link(callerToken);
        }

        long start = Clock.GetTimestamp();
        T value = default!;
        Task? pending;
        try
        {
            pending = operation.Begin(token, out value);
        }
        catch (Exception thrown)
        {
            pending = Task.FromException<T>(thrown);
        }

        // What completes at once has never been waited for: no timer, and no task of our own.
        if (pending is null && TryEndUnarmed())
        {
            Recycle();
            return Task.FromResult(TOutcome.Of(value));
        }

        return Await(operation, pending ?? Task.FromResult(value), start);
    }

    private Task<TResult> Await(TOperation operation, Task pending, long start)
    {
        if (TOutcome.ThrowsWhenExpired && pending is Task<TResult> { IsCompletedSuccessfully: true } own && TryEndUnarmed())
        {
            Recycle();
            return own;
        }

        var completion = new TaskCompletionSource<TResult>();
        _operation = operation;
        _pending = pending;
        _completion = completion;
        if (pending.IsCompleted)
        {
            Settle();
        }
        else
        {
            try
            {
                Arm(start, _timeout, _options.AbandonAfter);
            }
            catch (Exception broken)
            {
                _broken = broken;
                Strike(LimitReason.Clock);
            }

            // The operation may end, and this object serve another call, before the next line returns: nothing of it may be used after that.
            pending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_settle ??= Settle);
        }

        return completion.Task;
    }

    private void Settle()
    {
        if (End())
        {
            OnQuiet();
        }
    }

    private void Complete()
    {
        TaskCompletionSource<TResult> completion = _completion!;
        if (_pending!.IsCompletedSuccessfully && CallbackFailures.Count == 0 && _broken is null)
        {
            TResult result = TOutcome.Of(_operation.ResultOf(_pending));
            Recycle();
            completion.SetResult(result);
        }
        else
        {
            // The caller may go on on this very stack, for as long as it likes.
            LetGo();
            Conclude(completion, Thrown(), CallbackFailures);
        }
    }

    private void Conclude(TaskCompletionSource<TResult> completion, IReadOnlyList<Exception> thrown, IReadOnlyList<Exception> callbackFailures)
    {
        var failures = new FailureList();
        bool isAsked = IsAsked();
        failures.AddRange(CancellationRule.FailuresIn(thrown, isAsked, _options.Label));
        failures.AddRange(CancellationRule.FailuresIn(callbackFailures, isAsked, _options.Label));
        if (_broken is not null)
        {
            failures.Add(_broken);
        }

        if (failures.Count > 0)
        {
            Exception[] all = failures.ToArray();
            completion.SetException(Reason == LimitReason.Deadline && !all.Any(IsExceeded) ? [.. all, Exceeded(_options.Label, _timeout)] : all);
        }
        else if (thrown.Count == 0)
        {
            completion.SetResult(TOutcome.Of(_operation.ResultOf(_pending!)));
        }
        else
        {
            Cancel(completion);
        }
    }

    private void Cancel(TaskCompletionSource<TResult> completion)
    {
        if (Reason == LimitReason.Caller)
        {
            completion.SetCanceled(Outer);
        }
        else if (TOutcome.ThrowsWhenExpired)
        {
            completion.SetException(Exceeded(_options.Label, _timeout));
        }
        else
        {
            completion.SetResult(default!);
        }
    }

    private void ReportLeftBehind()
    {
        IEnumerable<Exception> failures = IsOnlyCallbacksAbandoned ? [] : CancellationRule.FailuresIn(Thrown(), asked: true, _options.Label);
        foreach (Exception failure in failures.Concat(CancellationRule.FailuresIn(CallbackFailures, asked: true, _options.Label)))
        {
            Report.AbandonedOperationFailed(_options.EffectiveLogger, _options.Label, failure);
        }
    }

    private void LetGo()
    {
        Unlink();
        Dispose();
    }

    private IReadOnlyList<Exception> Thrown() => _pending!.IsCompletedSuccessfully ? [] : Failures.Of(_pending);

    private void Recycle()
    {
        bool isClean = Unlink() && _isReusable;
        Forget();
        _options = AsyncTimeoutOptions.Default;
        _operation = default;
        _completion = null;
        _pending = null;
        if (!isClean || !Reuse<LimitedCall<TOperation, T, TOutcome, TResult>>.Give(this))
        {
            Dispose();
        }
    }
}
