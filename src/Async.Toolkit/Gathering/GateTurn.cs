using System.Runtime.CompilerServices;

namespace Async.Toolkit.Gathering;

/// <summary>What a worker awaits without allocating: its turn at the gate, or just a fresh start on a thread of the pool.</summary>
internal sealed class GateTurn(SourceGate gate) : ICriticalNotifyCompletion, IThreadPoolWorkItem
{
    private Action? _resume;
    private bool _wantsGate;

    /// <summary>The next one behind this in the gate's list of parked workers.</summary>
    public GateTurn? NextParked;

    public bool IsCompleted => _wantsGate && gate.TryEnter(patient: false);

    /// <summary>Awaited, it continues when the worker holds the gate.</summary>
    public GateTurn Enter()
    {
        _wantsGate = true;
        return this;
    }

    /// <summary>Awaited, it lets the other work of the pool go first.</summary>
    public GateTurn Hop()
    {
        _wantsGate = false;
        return this;
    }

    public GateTurn GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        _resume = continuation;
        if (!_wantsGate)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else if (gate.EnterOrPark(this))
        {
            _wantsGate = false;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (!_wantsGate || gate.EnterOrPark(this))
        {
            _resume!();
        }
    }
}
