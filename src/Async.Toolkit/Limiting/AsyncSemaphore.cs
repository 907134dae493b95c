using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Async.Toolkit.Diagnostics;
using Async.Toolkit.Limiting;

namespace Async.Toolkit;

/// <summary>
/// Lets a limited number of operations in at once: first come, first served, and a <see langword="using"/> gives the permit back.
/// </summary>
/// <remarks>
/// <para>What is guaranteed:</para>
/// <list type="bullet">
/// <item>Permits are handed out strictly in the order of the calls. Nobody overtakes one who waits, neither by <see cref="TryAcquire(out Permit)"/>
/// nor by asking for less: a large request at the head holds back the small ones behind it until it is served or canceled, so that it is never
/// starved.</item>
/// <item>A waiter that is canceled neither keeps nor loses a permit: of a cancellation and a release that race, exactly one wins.</item>
/// <item>A permit that is released twice, also through a copy, is found out (<see cref="InvalidOperationException"/>): no permit comes into being, and
/// none is taken from whoever holds it now.</item>
/// <item>A waiter never runs on the stack of the one who releases or cancels, but on the thread pool, or where its own context sends it.</item>
/// <item>Nothing is allocated for a permit that is free, nor, once warmed up, for one that has to be waited for.</item>
/// </list>
/// <para>There are no overloads with a time limit: put an <see cref="AsyncTimeout"/> around the call, or hand in a token that is canceled in time. For
/// rates ("a hundred per minute") take a limiter of System.Threading.RateLimiting.</para>
/// <para>All members may be called from any thread at any time. The ideas come from Python's <c>asyncio.Semaphore</c> and from vs-threading's
/// <c>AsyncSemaphore</c>.</para>
/// </remarks>
public sealed partial class AsyncSemaphore : IDisposable
{
    // Slots kept beyond those that are held or waited for: a crowd that came once must not stay in memory for ever.
    private const int MostFreeSlots = 256;

    // Stands in the doorway while everybody has to take the gate: somebody waits, the gate is held, or the semaphore was disposed.
    private static readonly SemaphoreSlot Closed = new(null!);

    private readonly Lock _gate = new();
    private readonly int _permits;
    private readonly (string File, int Line) _site;

    // One permit, ready to be taken and given back by a single compare-and-swap: a held slot, nothing, or Closed. Its permit is not
    // among the available ones. Only a holder of the gate closes the doorway or opens it.
    private SemaphoreSlot? _doorway;
    private SemaphoreSlot? _first;
    private SemaphoreSlot? _last;
    private SemaphoreSlot? _free;
    private int _available;
    private int _waiting;
    private int _freeCount;
    private bool _isDisposed;
    private LiveSemaphore? _live;

    /// <summary>Creates a semaphore whose permits are all free.</summary>
    /// <param name="permits">How many there are, from 1.</param>
    /// <param name="filePath">Filled in by the compiler: the file of the call, which names the semaphore in the task tree.</param>
    /// <param name="lineNumber">Filled in by the compiler: the line of the call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is zero or negative.</exception>
    public AsyncSemaphore(int permits, [CallerFilePath] string filePath = "", [CallerLineNumber] int lineNumber = 0)
    {
        if (permits < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(permits), permits, "A semaphore needs at least 1 permit.");
        }

        _permits = permits;
        _site = (filePath, lineNumber);
        _available = permits;
        _doorway = Closed;
        Open();
    }

    /// <summary>How many permits the semaphore has, free and held.</summary>
    public int Permits => _permits;

    /// <summary>How many permits are free at this moment. They may be free while somebody waits for more of them.</summary>
    public int AvailablePermits
    {
        get
        {
            lock (_gate)
            {
                return _available + (_doorway is null || _doorway == Closed ? 0 : 1);
            }
        }
    }

    /// <summary>How many calls wait at this moment.</summary>
    public int WaitingCount => Volatile.Read(ref _waiting);

    /// <summary>Waits for one permit.</summary>
    /// <remarks>The result must be awaited, and once only, as that of every <see cref="ValueTask{TResult}"/>: an unawaited permit is never released.</remarks>
    /// <param name="cancellationToken">Ends the waiting. Canceled already, it takes no permit, not even a free one.</param>
    /// <returns>The permit; dispose it to give it back.</returns>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled before the permit was granted.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed, before (thrown at once) or while waiting (on <see langword="await"/>).</exception>
    public ValueTask<Permit> AcquireAsync(CancellationToken cancellationToken = default) =>
        !cancellationToken.IsCancellationRequested && TakeFromDoorway() is { } slot
            ? new(new Permit(slot, slot.Ticket))
            : AcquireAsync(1, cancellationToken);

    /// <summary>Waits for several permits, which are granted and given back together.</summary>
    /// <remarks><inheritdoc cref="AcquireAsync(CancellationToken)" path="/remarks/node()"/></remarks>
    /// <param name="permits">How many, from 1 to <see cref="Permits"/>.</param>
    /// <param name="cancellationToken">Ends the waiting. Canceled already, it takes no permit, not even a free one.</param>
    /// <returns>The permit for all of them; dispose it to give them back.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is less than 1 or more than the semaphore has; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled before the permits were granted.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed, before (thrown at once) or while waiting (on <see langword="await"/>).</exception>
    public ValueTask<Permit> AcquireAsync(int permits, CancellationToken cancellationToken = default)
    {
        CheckCount(permits);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Permit>(cancellationToken);
        }

        SemaphoreSlot slot;
        LiveScope? waiter = LiveScope.Here;
        lock (_gate)
        {
            Close();
            bool isTaken = TryTake(permits, out Permit permit);
            if (isTaken)
            {
                Open();
                return new(permit);
            }

            slot = Rent(permits);
            slot.State = SlotState.Waiting;
            slot.Waiter = waiter;
            Append(slot);
        }

        return slot.WaitAsync(cancellationToken);
    }

    /// <summary>Takes one permit if it is free and nobody waits.</summary>
    /// <param name="permit">The permit; one that is empty, and whose disposal does nothing, where the method gives <see langword="false"/>.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    public bool TryAcquire(out Permit permit)
    {
        if (TakeFromDoorway() is { } slot)
        {
            permit = new Permit(slot, slot.Ticket);
            return true;
        }

        return TryAcquire(1, out permit);
    }

    /// <summary>Takes several permits if they are free and nobody waits.</summary>
    /// <param name="permits">How many, from 1 to <see cref="Permits"/>.</param>
    /// <param name="permit">The permit for all of them; one that is empty, and whose disposal does nothing, where the method gives <see langword="false"/>.</param>
    /// <returns>Whether there were enough.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is less than 1 or more than the semaphore has.</exception>
    /// <exception cref="ObjectDisposedException">The semaphore was disposed.</exception>
    public bool TryAcquire(int permits, out Permit permit)
    {
        CheckCount(permits);
        lock (_gate)
        {
            Close();
            bool isTaken = TryTake(permits, out permit);
            Open();
            return isTaken;
        }
    }

    /// <summary>Ends the semaphore: whoever waits gets an <see cref="ObjectDisposedException"/>. Permits that are held can still be given back.</summary>
    /// <remarks>May be called more than once.</remarks>
    public void Dispose()
    {
        SemaphoreSlot? slot;
        lock (_gate)
        {
            Close();
            _isDisposed = true;
            slot = _first;
            _first = null;
            _last = null;
            SetWaiting(0);
            for (SemaphoreSlot? each = slot; each is not null; each = each.Next)
            {
                each.State = SlotState.Refused;
            }
        }

        Deliver(slot, static slot =>
        {
            slot.Previous = null;
            slot.Refuse(new ObjectDisposedException(nameof(AsyncSemaphore)));
        });
    }

    /// <summary>Gives a permit back; <see langword="false"/> when that has been done before.</summary>
    internal bool TryRelease(SemaphoreSlot slot, long ticket)
    {
        // Makes every copy of the permit void, whoever uses the slot next. Copies may race for it: exactly one of them gets through.
        if (Interlocked.CompareExchange(ref slot.Ticket, ticket + 1, ticket) != ticket)
        {
            return false;
        }

        if (slot.Weight == 1 && slot.IsReusable && Interlocked.CompareExchange(ref _doorway, slot, null) is null)
        {
            return true;
        }

        SemaphoreSlot? granted;
        lock (_gate)
        {
            Close();
            _available += slot.Weight;
            Debug.Assert(_available <= _permits, "More permits were given back than there are.");
            Keep(slot);
            granted = GrantInTurn();
            Open();
        }

        Deliver(granted, static slot => slot.Grant());
        return true;
    }

    /// <summary>Takes a slot out of the queue, unless it waits no more.</summary>
    internal void Cancel(SemaphoreSlot slot, CancellationToken token)
    {
        SemaphoreSlot? granted;
        lock (_gate)
        {
            if (slot.State != SlotState.Waiting)
            {
                return;
            }

            Remove(slot);
            slot.State = SlotState.Canceled;

            // The one who has gone may have held back smaller requests.
            granted = GrantInTurn();
            Open();
        }

        try
        {
            slot.Refuse(new OperationCanceledException(token));
        }
        finally
        {
            Deliver(granted, static slot => slot.Grant());
        }
    }

    /// <summary>Takes back the slot of a wait that ended without a permit.</summary>
    internal void Return(SemaphoreSlot slot)
    {
        lock (_gate)
        {
            Keep(slot);
        }
    }

    // Not under the gate: the continuation of a waiter may go to a user's own context.
    private static void Deliver(SemaphoreSlot? slot, Action<SemaphoreSlot> answer)
    {
        ExceptionDispatchInfo? broken = null;
        while (slot is not null)
        {
            // The waiter may release the permit, and its slot be used again, before the answer returns.
            SemaphoreSlot? next = slot.Next;
            slot.Next = null;
            try
            {
                answer(slot);
            }
            catch (Exception thrown)
            {
                // A context that takes no posts any more: those behind its waiter must not wait for ever.
                broken ??= ExceptionDispatchInfo.Capture(thrown);
            }

            slot = next;
        }

        broken?.Throw();
    }

    private void CheckCount(int permits)
    {
        if (permits < 1 || permits > _permits)
        {
            throw new ArgumentOutOfRangeException(nameof(permits), permits, $"The number of permits must be from 1 to {_permits}, which is all that the semaphore has.");
        }
    }
}
