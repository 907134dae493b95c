using System.Runtime.CompilerServices;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Internal;

namespace Async.Toolkit.Groups;

/// <summary>The body of a group, from its first statement to the outcome.</summary>
internal sealed class BodyRun<TOperation, T>(TOperation operation) : GroupRun<T>
    where TOperation : struct, IOperation<TaskGroup, T>
{
    private TOperation _operation = operation;
    private TaskGroup? _group;
    private Task? _pending;

    private GroupCore Core => _group!.Core;

    public static Task<T> Start(TaskGroupOptions options, TOperation operation, CancellationToken callerToken)
    {
        if (callerToken.IsCancellationRequested)
        {
            return Task<T>.FromCanceled<T>(callerToken);
        }

        if (options.Timeout == TimeSpan.Zero)
        {
            Report.CountStrike(DeadlineKind.Group, options.Name);
            return Task<T>.FromException<T>(GroupCore.TimedOut(options));
        }

        var run = new BodyRun<TOperation, T>(operation);
        run._group = new TaskGroup(new GroupCore(options, run, hasBody: true, callerToken));

        // Nobody but the body and what it starts sees the span.
        GroupWatch? watch = run.Core.Watch;
        watch?.EnterSpan();

        // Groups nested by plain calls go as deep as the user's recursion; the last of the stack is not ours to take.
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            run.Begin();
        }
        else
        {
            run.BeginOnFreshStack();
        }

        watch?.LeaveSpan();
        return run.Task;
    }

    private void Begin()
    {
        Task? pending;
        LiveScope.Visit visit = Core.Visiting(Core.IsFollowed);
        try
        {
            pending = _operation.Begin(_group!, out Result);
        }
        catch (Exception thrown)
        {
            visit.Leave();
            Core.OnBodyFaulted([thrown]);
            return;
        }

        visit.Leave();
        if (pending is null)
        {
            Core.OnBodySucceeded();
        }
        else
        {
            _pending = pending;
            if (pending.IsCompleted)
            {
                Settle();
            }
            else
            {
                pending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Settle);
            }
        }
    }

    private void BeginOnFreshStack()
    {
        var context = ExecutionContext.Capture();
        void Hop()
        {
            // A context that posts inline leaves us on the same stack.
            if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                ThreadPool.UnsafeQueueUserWorkItem(static hop => hop(), (Action)Hop, preferLocal: false);
            }
            else if (context is null)
            {
                Begin();
            }
            else
            {
                ExecutionContext.Run(context, static self => ((BodyRun<TOperation, T>)self!).Begin(), this);
            }
        }

        if (SynchronizationContext.Current is not { } caller)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static hop => hop(), (Action)Hop, preferLocal: false);
            return;
        }

        try
        {
            caller.Post(static hop => ((Action)hop!)(), (Action)Hop);
        }
        catch (Exception thrown)
        {
            Core.OnBodyFaulted([thrown]);
        }
    }

    private void Settle()
    {
        Task finished = _pending!;
        if (finished.IsCompletedSuccessfully)
        {
            Result = _operation.ResultOf(finished);
            Core.OnBodySucceeded();
        }
        else if (finished.IsCanceled)
        {
            Core.OnBodyCanceled(finished);
        }
        else
        {
            Core.OnBodyFaulted(Failures.Of(finished));
        }
    }
}
