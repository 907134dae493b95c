using System.Diagnostics;

namespace Async.Toolkit.Testing;

// What a run knows of itself when it has to explain something: what waits, and which threads take part.
internal abstract partial class VirtualRun
{
    private RunReport Observe()
    {
        lock (Gate)
        {
            return new RunReport
            {
                Elapsed = TimeSpan.FromTicks(_elapsed),
                RealTimeLimitOfRun = Options.RealTimeLimit,
                HasBegun = HasBegun,
                IsCallerAtWork = IsCallerAtWork,
                IsCallerBlocked = IsCallerBlocked,
                Fired = _fired,
                FiredNow = _firedNow,

                // One that is disposed of before its call is not called; one that is disposed of by its own call, as that of a token source is, still runs.
                Firing = _callbacks > 0 || _firing is { IsDisposed: false } ? _firing?.Name : null,
                IsAtEndOfCalendar = _timers.Count > 0 && _timers.First!.Due > _horizon,
                Timers = [.. Waits().OrderBy(static wait => wait.Due).ThenBy(static wait => wait.Number)
                    .Select(wait => new PendingTimer(wait.Name, TimeSpan.FromTicks(wait.Due - _elapsed), TimeSpan.FromTicks(wait.Period)))],
                RealTimeSections = _realTimeSections,
                OwnThreads = [.. Volatile.Read(ref _ownThreads).Where(static thread => thread.IsAlive).Select(NameOf)],
                Body = Body,
            };
        }
    }

    // Under the gate: all that waits for the clock.
    private IEnumerable<(long Due, long Number, string Name, long Period)> Waits() =>
    [
        .. _settling.Select(wait => (_elapsed, 0L, wait.Name, 0L)),
        .. _timers.Items.ToArray().Select(static timer => (timer.Due, timer.Number, timer.Name, timer.Period)),
        .. _advancing.UnorderedItems.Select(static wait => (wait.Priority.Target, wait.Priority.Number, wait.Element.Name, 0L)),
    ];

    // Under the gate.
    private IEnumerable<VirtualWait> TimedWaits() => _timers.Items.ToArray().Select(static timer => timer.Wait).OfType<VirtualWait>();

    // Under the gate.
    private void CheckCaller()
    {
        if (_isOver)
        {
            throw new InvalidOperationException($"This virtual-time run has ended at {TimeSpan.FromTicks(_elapsed)}: nothing can wait for its clock any more.");
        }

        if (!Thread.CurrentThread.IsThreadPoolThread && _realTimeSections == 0)
        {
            throw new InvalidOperationException(
                $"The {NameOf(Thread.CurrentThread)} is none of the thread pool's, and virtual time sees only these: the clock would not know when that thread runs. Run its work on the pool, or let RealTimeAsync wait for a thread that does not wait for the clock.");
        }
    }

    // A thread that has told the body of the end of its work still lives for a moment: no leak. Looked at again and again, since the watch serves other runs, too.
    private bool MayThreadsEnd()
    {
        if (!Array.Exists(Volatile.Read(ref _ownThreads), static thread => thread.IsAlive))
        {
            return false;
        }

        _endsSince = _endsSince == 0 ? Stopwatch.GetTimestamp() : _endsSince;
        return Stopwatch.GetElapsedTime(_endsSince) < LongestEndOfThreads;
    }

    private static string NameOf(Thread thread) => thread.Name is { Length: > 0 } name ? $"thread '{name}'" : $"thread {thread.ManagedThreadId}";
}
