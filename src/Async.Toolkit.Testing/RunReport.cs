using System.Globalization;
using System.Text;

namespace Async.Toolkit.Testing;

/// <summary>What can be seen of a run at one moment, in words.</summary>
internal sealed class RunReport
{
    private const int MostTimers = 10;

    // More than any test waits for one by one.
    private const int Many = 1_000;

    public required TimeSpan Elapsed { get; init; }

    public required TimeSpan RealTimeLimitOfRun { get; init; }

    public required bool HasBegun { get; init; }

    public required bool IsCallerAtWork { get; init; }

    public required bool IsCallerBlocked { get; init; }

    public required long Fired { get; init; }

    /// <summary>Those since the clock last moved.</summary>
    public required long FiredNow { get; init; }

    /// <summary>Whose timer's callback has not ended.</summary>
    public required string? Firing { get; init; }

    public required bool IsAtEndOfCalendar { get; init; }

    /// <summary>In the order in which they are due.</summary>
    public required IReadOnlyList<PendingTimer> Timers { get; init; }

    public required int RealTimeSections { get; init; }

    /// <summary>The living threads that have run code of the body and are not the pool's.</summary>
    public required IReadOnlyList<string> OwnThreads { get; init; }

    public required Task? Body { get; init; }

    public string Deadlock()
    {
        StringBuilder text = new();
        text.Append(IsAtEndOfCalendar
            ? "Nothing but timers can run, the calendar ends before the next one, and the body has not ended"
            : "Nothing can run, no timer is pending, and the body has not ended");
        text.AppendLine(CultureInfo.InvariantCulture, $": it waits for something that nobody will bring about. Virtual time was {Elapsed}, after {Count(Fired, "timer")}.");
        AppendWait(text);
        text.AppendLine("Real work (sockets, files, other processes, real timers, threads of its own) has to run inside RealTimeAsync: the clock does not see it.");
        if (IsCallerBlocked)
        {
            text.AppendLine("The thread on which the run was called for blocks (Wait, Sleep, a lock): that it has been woken is not seen until it runs.");
        }

        AppendOwnThreads(text);
        AppendTree(text);
        return text.ToString().TrimEnd();
    }

    public string RealTimeLimit()
    {
        StringBuilder text = new();
        text.AppendLine(HasBegun
            ? string.Create(CultureInfo.InvariantCulture, $"The run did not end within its real-time limit of {RealTimeLimitOfRun}. Virtual time was {Elapsed}, after {Count(Fired, "timer")}.")
            : string.Create(CultureInfo.InvariantCulture, $"The run could not begin within its real-time limit of {RealTimeLimitOfRun}: the clocks of others that began before it stand still, and its own would do so too."));
        text.AppendLine("Last seen:");
        AppendPool(text);
        if (IsCallerAtWork)
        {
            text.AppendLine("  Whoever has called for the run still works, or blocks, on a thread of the pool: the run is to be awaited there.");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  open RealTimeAsync sections: {RealTimeSections}");
        if (RealTimeSections > 0 && Timers.Count > 0)
        {
            text.AppendLine("  The clock stands still while a section is open: what waits for the clock inside of one waits as long as the section does.");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  virtual-time runs in this process: {PoolWatch.RunCount}");
        foreach (string name in LeftBehind.Names())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  an earlier run that was given up, {name}, still runs or blocks on the thread pool");
        }

        if (Fired >= Many && FiredNow <= 1)
        {
            text.AppendLine("  The clock kept moving: does a loop, or a periodic timer, never end?");
        }

        if (FiredNow > 1)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {Count(FiredNow, "timer")} have fired since the clock last moved. One that is due again whenever it has fired keeps it from moving for ever.");
        }

        if (Firing is not null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {Firing}, whose callback has not ended");
        }

        AppendTimers(text);
        AppendOwnThreads(text);
        AppendWait(text);
        AppendTree(text);
        return text.ToString().TrimEnd();
    }

    /// <summary>What is left of a run whose body has ended, with what the task tree shows of it; <see langword="null"/> when nothing is.</summary>
    public string? Leaks(IReadOnlyList<string> alive)
    {
        if (Timers.Count == 0 && RealTimeSections == 0 && OwnThreads.Count == 0 && alive.Count == 0)
        {
            return null;
        }

        StringBuilder text = new();
        text.AppendLine("The body has ended, nothing can run any more, and this is left of it:");
        AppendTimers(text);
        if (RealTimeSections > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  open RealTimeAsync sections: {RealTimeSections}");
        }

        AppendOwnThreads(text);
        foreach (string line in alive)
        {
            text.Append("  ").AppendLine(line);
        }

        return text.ToString().TrimEnd();
    }

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static void AppendPool(StringBuilder text)
    {
        int hosts = PoolWatch.HostCount;
        int blocked = PoolWatch.BlockedCallerCount;
        int busy = Math.Max(0, default(ProcessPool).Busy - hosts - blocked);
        text.Append(CultureInfo.InvariantCulture, $"  thread pool: {Count(ThreadPool.PendingWorkItemCount, "item")} waiting, {busy} of {Count(ThreadPool.ThreadCount, "thread")} busy");
        text.Append(hosts > 0 ? string.Create(CultureInfo.InvariantCulture, $", not counting {hosts} that were so before any run began") : "");
        text.Append(blocked > 0 ? string.Create(CultureInfo.InvariantCulture, $", not counting {blocked} that block where a run was called for") : "");
        text.AppendLine(busy > 0 ? ". It serves the whole process: other tests keep it busy, and so does a thread that blocks (.Result, .Wait(), lock)." : "");
        if (busy > 0 && PoolWatch.IsHostInDoubt)
        {
            text.AppendLine("  Something that is busy there belongs to no run, and does not end. If the test host has begun it while runs were under way, it keeps their clocks from moving.");
        }
    }

    private static void AppendTree(StringBuilder text)
    {
        if (LiveTree.Draw() is { } tree)
        {
            text.AppendLine("Alive in this process, of this run or of others:").AppendLine(tree);
        }
    }

    private void AppendWait(StringBuilder text)
    {
        if (!HasBegun)
        {
            return;
        }

        if (Body is null)
        {
            text.AppendLine("The body has not returned its task yet: it waits in the pool's queue, or blocks its thread.");
            return;
        }

        if (Body.IsCompleted)
        {
            text.AppendLine("The body has ended; the run ends when nothing can run any more.");
            return;
        }

        text.AppendLine("The body waits for:");
        foreach (string line in AwaitChain.Of(Body))
        {
            text.Append("  ").AppendLine(line);
        }
    }

    private void AppendTimers(StringBuilder text)
    {
        foreach (PendingTimer timer in Timers.Take(MostTimers))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {timer.Name}, due in {timer.DueIn}");
            text.AppendLine(timer.Period > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", every {timer.Period}") : "");
        }

        if (Timers.Count > MostTimers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  and {Timers.Count - MostTimers} more");
        }
    }

    private void AppendOwnThreads(StringBuilder text)
    {
        foreach (string thread in OwnThreads)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {thread}, which is none of the pool's, has run code of the body and still lives");
        }
    }
}
