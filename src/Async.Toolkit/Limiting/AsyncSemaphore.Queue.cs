using Async.Toolkit.Diagnostics;
using Async.Toolkit.Limiting;

namespace Async.Toolkit;

// The queue of those who wait, the doorway and the slots for reuse. All but the first method is called under the gate.
public sealed partial class AsyncSemaphore
{
    /// <summary>The permit that lies ready, without the gate.</summary>
    private SemaphoreSlot? TakeFromDoorway()
    {
        SemaphoreSlot? slot = Volatile.Read(ref _doorway);
        return slot is not null && slot != Closed && Interlocked.CompareExchange(ref _doorway, null, slot) == slot ? slot : null;
    }

    /// <summary>Nobody passes without the gate any more, and the permit that lay ready is available again.</summary>
    private void Close()
    {
        if (_doorway != Closed && Interlocked.Exchange(ref _doorway, Closed) is { } ready)
        {
            _available++;
            Keep(ready);
        }
    }

    /// <summary>Where nobody waits, lays a permit ready, if there is one, and lets everybody pass.</summary>
    private void Open()
    {
        if (_first is not null || _isDisposed)
        {
            return;
        }

        SemaphoreSlot? ready = null;
        if (_available > 0)
        {
            _available--;
            ready = Rent(1);
            ready.State = SlotState.Held;
        }

        Volatile.Write(ref _doorway, ready);
    }

    private bool TryTake(int permits, out Permit permit)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_first is not null || permits > _available)
        {
            permit = default;
            return false;
        }

        _available -= permits;
        SemaphoreSlot slot = Rent(permits);
        slot.State = SlotState.Held;
        permit = new Permit(slot, slot.Ticket);
        return true;
    }

    /// <summary>Takes from the queue, in order, everyone for whom there are permits now. The result is linked by <see cref="SemaphoreSlot.Next"/>.</summary>
    private SemaphoreSlot? GrantInTurn()
    {
        SemaphoreSlot? before = null;
        SemaphoreSlot? slot = _first;
        while (slot is not null && slot.Weight <= _available)
        {
            _available -= slot.Weight;
            SetWaiting(_waiting - 1);
            slot.Waiter = null;
            slot.State = SlotState.Held;
            slot.Previous = null;
            before = slot;
            slot = slot.Next;
        }

        if (before is null)
        {
            return null;
        }

        // The front of the queue becomes the list of the granted, as it is.
        SemaphoreSlot? granted = _first;
        before.Next = null;
        _first = slot;
        if (slot is null)
        {
            _last = null;
        }
        else
        {
            slot.Previous = null;
        }

        return granted;
    }

    private void Append(SemaphoreSlot slot)
    {
        slot.Previous = _last;
        if (_last is null)
        {
            _first = slot;
        }
        else
        {
            _last.Next = slot;
        }

        _last = slot;
        SetWaiting(_waiting + 1);
    }

    private void Remove(SemaphoreSlot slot)
    {
        if (slot.Previous is null)
        {
            _first = slot.Next;
        }
        else
        {
            slot.Previous.Next = slot.Next;
        }

        if (slot.Next is null)
        {
            _last = slot.Previous;
        }
        else
        {
            slot.Next.Previous = slot.Previous;
        }

        slot.Previous = null;
        slot.Next = null;
        slot.Waiter = null;
        SetWaiting(_waiting - 1);
    }

    // The task tree shows a semaphore while somebody waits.
    private void SetWaiting(int count)
    {
        if (_waiting == 0 && count > 0)
        {
            LiveRegistry.Enter(_live ??= new LiveSemaphore(this));
        }
        else if (_waiting > 0 && count == 0)
        {
            LiveRegistry.Leave(_live!);
        }

        _waiting = count;
    }

    private SemaphoreSlot Rent(int weight)
    {
        SemaphoreSlot slot;
        if (_free is { } free)
        {
            _free = free.Next;
            _freeCount--;
            free.Next = null;
            slot = free;
        }
        else
        {
            slot = new SemaphoreSlot(this);
        }

        slot.Weight = weight;
        return slot;
    }

    private void Keep(SemaphoreSlot slot)
    {
        slot.State = SlotState.Free;
        if (slot.IsReusable && _freeCount < MostFreeSlots)
        {
            slot.Next = _free;
            _free = slot;
            _freeCount++;
        }
    }

    /// <summary>What the task tree sees of a semaphore.</summary>
    private sealed class LiveSemaphore(AsyncSemaphore semaphore) : LiveNode
    {
        public override void Describe(LiveView view)
        {
            view.Kind = TaskTreeNodeKind.Semaphore;
            view.File = semaphore._site.File.Length > 0 ? semaphore._site.File : null;
            view.Line = semaphore._site.Line;
            view.Waiters.EnsureCapacity(semaphore.WaitingCount);
            int available;
            lock (semaphore._gate)
            {
                for (SemaphoreSlot? slot = semaphore._first; slot is not null; slot = slot.Next)
                {
                    view.Waiters.Add((slot.Waiter, slot.Token));
                }

                available = semaphore._available;
            }

            view.Waiting = view.Waiters.Count;
            view.Detail = $"{available} of {semaphore._permits} permits free";
        }
    }
}
