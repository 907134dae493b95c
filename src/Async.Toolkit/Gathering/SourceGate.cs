using System.Runtime.CompilerServices;

namespace Async.Toolkit.Gathering;

/// <summary>
/// The one gate around a source: whoever holds it reads, and may hold it for as long as the source makes it wait. A worker that finds it
/// taken is parked without a thread, and woken when the reader leaves.
/// </summary>
/// <remarks>
/// The word says whether the gate is held and whether anybody may be parked. A worker that has been woken takes the gate with the second
/// mark set, since others may still be parked behind it: so each reader wakes one, and nobody stays behind.
/// </remarks>
internal sealed class SourceGate
{
    private const int Free = 0;
    private const int Held = 1;
    private const int HeldAndWanted = 2;

    private const int Looks = 20;
    private const int Spins = 2;
    private const int PatientSpins = 30;

    private readonly Lock _parking = new();
    private GateTurn? _parked;
    private int _word;

    /// <summary>
    /// Takes the gate if it is free, or becomes free within the time that reading an item from memory takes. A patient worker looks less
    /// often: where the items end at once, one worker at full speed gets further than two that take the gate from each other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(bool patient) => Interlocked.CompareExchange(ref _word, Held, Free) == Free || TryEnterSoon(patient);

    private bool TryEnterSoon(bool patient)
    {
        for (int look = 0; look < Looks; look++)
        {
            Thread.SpinWait(patient ? PatientSpins : Spins);
            if (Volatile.Read(ref _word) == Free && Interlocked.CompareExchange(ref _word, Held, Free) == Free)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the gate, or parks; a parked worker is queued to the pool when it should try again.</summary>
    public bool EnterOrPark(GateTurn worker)
    {
        // Under the lock, because a reader that leaves between the mark and the parking must find somebody to wake.
        lock (_parking)
        {
            if (Interlocked.Exchange(ref _word, HeldAndWanted) == Free)
            {
                return true;
            }

            worker.NextParked = _parked;
            _parked = worker;
            return false;
        }
    }

    public void Exit()
    {
        if (Interlocked.Exchange(ref _word, Free) == HeldAndWanted)
        {
            WakeOne();
        }
    }

    private void WakeOne()
    {
        GateTurn? woken;
        lock (_parking)
        {
            woken = _parked;
            _parked = woken?.NextParked;
        }

        if (woken is not null)
        {
            woken.NextParked = null;
            ThreadPool.UnsafeQueueUserWorkItem(woken, preferLocal: false);
        }
    }
}
