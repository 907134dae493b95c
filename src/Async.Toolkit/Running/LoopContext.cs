using Async.Toolkit.Diagnostics;

namespace Async.Toolkit.Running;

/// <summary>
/// What an <c>await</c> on the loop captures. It may outlive its loop by any time: what is posted after the end runs on the thread pool, since
/// throwing at whoever completes a task would end the process.
/// </summary>
internal sealed class LoopContext(EventLoopOptions options) : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly LoopQueue _queue = new();

    public bool TryTake(out LoopTurn turn) => _queue.TryTake(out turn);

    /// <summary>The root group has ended: only what is under way keeps the loop going.</summary>
    public void OnRootEnded() => _queue.Release();

    public override void Post(SendOrPostCallback d, object? state) => Post(new LoopTurn(d, state, Flow: null));

    public void Post(LoopTurn turn)
    {
        if (!_queue.TryAdd(turn))
        {
            Report.PostedAfterEnd(options.EffectiveLogger, options.Name);
            ThreadPool.UnsafeQueueUserWorkItem(static late => late.Context.RunLate(late.LoopTurn), (Context: this, LoopTurn: turn), preferLocal: false);
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        // Whatever context a turn has made current: the thread is the loop's until the queue is closed, and would wait for itself.
        if (Environment.CurrentManagedThreadId == _thread && !_queue.IsClosed)
        {
            d(state);
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool accepted = _queue.TryAdd(new LoopTurn(Answer, null, Flow: null));
        if (!accepted)
        {
            throw new InvalidOperationException($"Event loop '{options.Name}' has ended: nothing can run on its thread any more.");
        }

        done.Task.GetAwaiter().GetResult();

        void Answer(object? unused)
        {
            try
            {
                d(state);
                done.SetResult();
            }
            catch (Exception thrown)
            {
                // The sender waits for it, so it is his and not the loop's.
                done.SetException(thrown);
            }
        }
    }

    /// <summary>The same for all: an event loop has one context.</summary>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>An <c>async void</c> method begins: nobody can await it, so the loop does.</summary>
    public override void OperationStarted() => _queue.Hold();

    public override void OperationCompleted() => _queue.Release();

    private void RunLate(LoopTurn turn)
    {
        try
        {
            if (turn.Flow is { } flow)
            {
                ExecutionContext.Restore(flow);
            }

            turn.Callback(turn.State);
        }
        catch (Exception thrown)
        {
            Report.FailedAfterEnd(options.EffectiveLogger, options.Name, thrown);
        }
    }
}
