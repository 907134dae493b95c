using System.Diagnostics;

namespace Async.Toolkit.Testing;

/// <summary>
/// The thread that watches the pool for all runs of the process: whenever nothing can run, each of them takes a step.
/// </summary>
/// <remarks>
/// It is no thread of the pool, or it would see itself at work. One thread serves all runs: several would take turns in keeping each other from seeing
/// the pool idle, and a run that is quick would starve one that is slow.
/// </remarks>
internal static class PoolWatch
{
    // Most waits are for a worker that is about to end. The longer one lasts, the more it leaves the processor to others.
    private const int Spins = 10;
    private const int Yields = 50;

    private const int StepsBetweenLimitChecks = 1024;

    // For the caller of a run to leave its thread, and for the host to show; other work would keep the bodies from beginning for good.
    private static readonly TimeSpan Patience = HostWorkers.Steady + 2 * HostWorkers.Still;

    private static readonly HostWorkers Hosts = new();
    private static readonly Lock Gate = new();
    private static readonly AutoResetEvent Bell = new(initialState: false);
    private static VirtualRun[] _runs = [];
    private static bool _isWatching;
    private static bool _sleeps;
    private static long _realWorkEnded;

    public static bool HasOneRun => Volatile.Read(ref _runs).Length == 1;

    /// <summary>How much real work of all runs has ended; read before a look at the pool, it tells whether that look is still worth anything.</summary>
    public static long RealWorkEnded => Interlocked.Read(ref _realWorkEnded);

    /// <summary>How many workers of the pool are none of the runs' business, whatever they do.</summary>
    public static int HostCount => Hosts.Count;

    /// <summary>What <see cref="HostWorkers.IsInDoubt"/> is.</summary>
    public static bool IsHostInDoubt => Hosts.IsInDoubt;

    /// <summary>How many workers of the pool are none of the runs' business as long as they block.</summary>
    public static int BlockedCallerCount => BlockedCallers(Volatile.Read(ref _runs));

    public static int RunCount => Volatile.Read(ref _runs).Length;

    public static void Add(VirtualRun run)
    {
        lock (Gate)
        {
            // It may have come to its end already.
            if (run.IsOver)
            {
                return;
            }

            VirtualRun[] runs = [.. _runs, run];
            run.BusyBesideCallers = BusyBesideCallers(runs);
            Hosts.NoteCall(run.BusyBesideCallers, Now);
            Volatile.Write(ref _runs, runs);
            Ring();
            if (!_isWatching)
            {
                _isWatching = true;
                new Thread(Watch) { Name = "Async.Toolkit virtual time", IsBackground = true }.UnsafeStart();
            }
        }
    }

    public static void Remove(VirtualRun run)
    {
        lock (Gate)
        {
            Volatile.Write(ref _runs, [.. _runs.Where(other => other != run)]);
        }
    }

    public static void NoteEndOfRealWork() => Interlocked.Increment(ref _realWorkEnded);

    /// <summary>Wakes the watch, should it sleep: there is a new run, or somebody who looked at the pool in its place does so no more.</summary>
    public static void Ring()
    {
        if (Volatile.Read(ref _sleeps))
        {
            Bell.Set();
        }
    }

    /// <summary>Whether nothing was waiting for the pool, and nobody was at work on it but the host and so many workers of the caller.</summary>
    public static bool IsIdle(int own) => IsIdle(default(ProcessPool), own, Hosts.Count);

    /// <inheritdoc cref="IsIdle(int)"/>
    internal static bool IsIdle<TPool>(TPool pool, int own, int hosts)
        where TPool : IPoolNumbers
    {
        VirtualRun[] runs = Volatile.Read(ref _runs);
        int blocked = BlockedCallers(runs);
        if (hosts + blocked == 0)
        {
            return PoolLook.IsIdle(pool, own);
        }

        // One who has called for a run is no host: where there are hosts, one of them has ended, and it is taken for that one.
        long callers = CallerStates(runs);
        return !Array.Exists(runs, static run => run.IsCallerAtWork) && PoolLook.IsIdle(pool, own + hosts + blocked)
            && Volatile.Read(ref _runs) == runs && CallerStates(runs) == callers && BlockedCallers(runs) == blocked;
    }

    // Changes with every entry of a caller's context, as every entry adds more than all exits can take away.
    private static long CallerStates(VirtualRun[] runs)
    {
        long sum = 0;
        foreach (VirtualRun run in runs)
        {
            sum += run.Caller.State;
        }

        return sum;
    }

    private static void Watch()
    {
        int misses = 0;
        TimeSpan? waitsSince = null;
        for (int steps = 1; ; steps++)
        {
            // Taken before the look: the body of a run that is added after it may not be in the pool yet.
            VirtualRun[] runs = Volatile.Read(ref _runs);
            if (runs.Length == 0 && MayLeave())
            {
                return;
            }

            bool haveBegun = Array.Exists(runs, static run => run.HasBegun);
            if (!haveBegun && waitsSince is null)
            {
                waitsSince = Now;
                BeginAnew();
            }

            bool hasStepped = Look(runs);

            // What the host does is to be seen without any body. Where it has been before others began, nothing is to be waited for, unless these stand still: a body that begins beside them
            // would stand still, too, and keep those from beginning that come later.
            if (haveBegun ? !Hosts.IsInDoubt : hasStepped || Now - waitsSince > Patience)
            {
                Begin(runs, haveBegun);
                waitsSince = null;
            }

            if (hasStepped)
            {
                misses = 0;
            }
            else
            {
                Wait(++misses);
            }

            if (misses > Spins + Yields || steps % StepsBetweenLimitChecks == 0)
            {
                foreach (VirtualRun run in runs)
                {
                    // Not those that were ended just now.
                    run.CheckRealTimeLimit(mayHaveToWait: Array.Exists(runs, static other => other.HasBegun && !other.IsOver));
                }
            }
        }
    }

    // Whether the pool was at rest, and then anything was to do.
    private static bool Look(VirtualRun[] runs)
    {
        foreach (VirtualRun run in runs)
        {
            run.NoteLook();
        }

        long realWorkEnded = RealWorkEnded;
        if (!IsIdle(own: 0))
        {
            NoteUnrest(runs);
            return false;
        }

        Hosts.NoteRest(Now);
        bool stepped = false;
        foreach (VirtualRun run in runs)
        {
            stepped |= !run.HasBegun || run.Step(realWorkEnded);
        }

        return stepped;
    }

    private static void NoteUnrest(VirtualRun[] runs)
    {
        var pool = default(ProcessPool);
        int busy = BusyBesideCallers(runs);
        foreach (VirtualRun run in runs)
        {
            run.BusyBesideCallers = Math.Min(run.BusyBesideCallers, busy);
        }

        bool runsAreInside = Array.Exists(runs, static run => run.Inside > 0 || run.IsCallerAtWork);
        Hosts.NoteUnrest(new(busy, pool.Pending, pool.Completed, runsAreInside), Now);
    }

    private static int BusyBesideCallers(VirtualRun[] runs)
    {
        int busy = default(ProcessPool).Busy;

        // Not before: an item in which somebody had called for one of these runs, and that has not ended by now, was among the busy ones. A caller's worker is not to make room for what
        // comes in its place.
        return busy - CallerItems(runs, static run => run.CallerItem.GoesOn);
    }

    private static int BlockedCallers(VirtualRun[] runs) => CallerItems(runs, static run => run.IsCallerBlocked);

    // How many of them there are; somebody may have called for several runs in one item.
    private static int CallerItems(VirtualRun[] runs, Predicate<VirtualRun> areThose)
    {
        int count = 0;
        for (int i = 0; i < runs.Length; i++)
        {
            bool isNew = areThose(runs[i]);
            for (int j = 0; j < i && isNew; j++)
            {
                isNew = !runs[j].CallerItem.IsSameAs(runs[i].CallerItem);
            }

            count += isNew ? 1 : 0;
        }

        return count;
    }

    private static void BeginAnew()
    {
        lock (Gate)
        {
            Hosts.BeginAnew(_runs.Length == 0 ? int.MaxValue : _runs.Min(static run => run.BusyBesideCallers), Now);
        }
    }

    private static void Begin(VirtualRun[] runs, bool haveBegun)
    {
        if (!haveBegun)
        {
            Hosts.NoteBeginning(Now);
        }

        foreach (VirtualRun run in runs)
        {
            if (!run.HasBegun)
            {
                run.Queue();
            }
        }
    }

    private static void Wait(int misses)
    {
        if (misses <= Spins && Environment.ProcessorCount > 1)
        {
            Thread.SpinWait(4);
        }
        else if (misses <= Spins + Yields)
        {
            Thread.Yield();
        }
        else
        {
            Volatile.Write(ref _sleeps, true);
            Bell.WaitOne(1);
            Volatile.Write(ref _sleeps, false);
        }
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    private static bool MayLeave()
    {
        lock (Gate)
        {
            _isWatching = _runs.Length > 0;
            return !_isWatching;
        }
    }
}
