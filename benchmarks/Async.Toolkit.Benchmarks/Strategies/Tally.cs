using System.Diagnostics;

namespace Async.Toolkit.Benchmarks.Strategies;

/// <summary>Counts what became of the items of one run. Any thread may call.</summary>
internal sealed class Tally
{
    private int _started;
    private int _finished;
    private int _failed;
    private int _canceled;
    private int _inFlight;
    private int _mostInFlight;
    private int _finishedBeforeFailure;
    private long _firstFailureAt;

    public int Started => Volatile.Read(ref _started);

    public int Finished => Volatile.Read(ref _finished);

    public int Failed => Volatile.Read(ref _failed);

    public int Canceled => Volatile.Read(ref _canceled);

    public int InFlight => Volatile.Read(ref _inFlight);

    public int MostInFlight => Volatile.Read(ref _mostInFlight);

    /// <summary>How many items ran to their end although one had failed already.</summary>
    public int FinishedAfterFailure => Failed == 0 ? 0 : Finished - Volatile.Read(ref _finishedBeforeFailure);

    /// <summary>The time since the first failure.</summary>
    public TimeSpan SinceFirstFailure => Failed == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref _firstFailureAt));

    public void OnStarted()
    {
        Interlocked.Increment(ref _started);
        int now = Interlocked.Increment(ref _inFlight);
        int most = Volatile.Read(ref _mostInFlight);
        while (now > most)
        {
            int seen = Interlocked.CompareExchange(ref _mostInFlight, now, most);
            if (seen == most)
            {
                break;
            }

            most = seen;
        }
    }

    public void OnFinished() => Interlocked.Increment(ref _finished);

    public void OnFailed()
    {
        if (Interlocked.Increment(ref _failed) == 1)
        {
            Volatile.Write(ref _finishedBeforeFailure, Finished);
            Volatile.Write(ref _firstFailureAt, Stopwatch.GetTimestamp());
        }
    }

    public void OnCanceled() => Interlocked.Increment(ref _canceled);

    public void OnLeft() => Interlocked.Decrement(ref _inFlight);
}
