using System.Collections.Concurrent;
using System.Diagnostics;

namespace Async.Toolkit.Soak;

/// <summary>Runs scenarios until the time is over, and then looks at what is left of them.</summary>
internal sealed class SoakRun(SoakSettings settings) : IDisposable
{
    private const int Permits = 5;
    private const int MostFaultsShown = 20;
    private const long MostHeapGrowth = 1024 * 1024;
    private const int TracedOneIn = 64;
    private const int LeastCollections = 3;
    private const int MostCollections = 1000;

    private readonly Counts _counts = new();
    private readonly AsyncSemaphore _permits = new(Permits);
    private readonly CancellationTokenSource _longLived = new();
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentQueue<WeakReference> _remains = [];
    private readonly ConcurrentQueue<Exception> _unobserved = [];
    private long _next;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine($"soak: {settings.Duration.TotalMinutes:0.##} minutes, {settings.Actors} scenarios at once; to repeat: --seed {settings.Seed}");
        TaskScheduler.UnobservedTaskException += (_, raised) => _unobserved.Enqueue(raised.Exception);

        // The first tenth fills every pool and cache; what the heap grows by after that is a leak.
        var clock = Stopwatch.StartNew();
        await PhaseAsync(settings.Duration / 10, cancellationToken);
        long before = await HeapAsync();
        await PhaseAsync(settings.Duration - (settings.Duration / 10), cancellationToken);
        TimeSpan ran = clock.Elapsed;
        long after = await HeapAsync();

        string[] atEnd = [.. FaultsAtEnd(after - before)];
        Console.WriteLine($"soak: {_counts}");
        Console.WriteLine($"soak: heap {before:N0} bytes at first, {after:N0} at the end");
        foreach (string fault in atEnd.Concat(_faults.Take(MostFaultsShown)))
        {
            Console.Error.WriteLine($"soak: {fault}");
        }

        bool isStopped = cancellationToken.IsCancellationRequested && ran < settings.Duration;
        int faults = atEnd.Length + _faults.Count;
        string early = isStopped ? $"stopped after {ran.TotalMinutes:0.##} of {settings.Duration.TotalMinutes:0.##} minutes; until then " : "";
        Console.WriteLine($"soak: {early}{(faults == 0 ? "clean" : $"{faults} faults; to repeat: --seed {settings.Seed}")}");
        if (isStopped && faults == 0)
        {
            // What was not run is not clean: the exit code is the signal's.
            cancellationToken.ThrowIfCancellationRequested();
        }

        return faults == 0 ? 0 : 1;
    }

    public void Dispose()
    {
        _longLived.Dispose();
        _permits.Dispose();
    }

    private async Task PhaseAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, settings.Actors).Select(_ => Task.Run(ActAsync, CancellationToken.None)));

        async Task ActAsync()
        {
            while (clock.Elapsed < duration && !cancellationToken.IsCancellationRequested && _faults.Count < MostFaultsShown)
            {
                long number = Interlocked.Increment(ref _next);
                await ScenarioAsync(settings.Only ?? number, keepTrace: number % TracedOneIn == 0);
            }
        }
    }

    private async Task ScenarioAsync(long number, bool keepTrace)
    {
        var ledger = new Ledger(_counts);
        IReadOnlyList<string> faults = await Scenario.RunAsync(Dice.For(settings.Seed, number), ledger, _permits, _longLived.Token);
        Interlocked.Increment(ref _counts.Scenarios);
        foreach (string fault in faults)
        {
            _faults.Enqueue($"scenario {number} (--seed {settings.Seed} --only {number}): {fault}");
        }

        if (keepTrace)
        {
            // Everything of a scenario holds its logger: whatever holds a piece of it, a registration for instance, holds this too.
            _remains.Enqueue(new WeakReference(ledger));
            DropTraces(2);
        }
    }

    // The traces of what is gone would grow the heap themselves: for each one that is kept, two are looked through.
    private void DropTraces(int count)
    {
        for (int i = 0; i < count && _remains.TryDequeue(out WeakReference? oldest); i++)
        {
            if (oldest.IsAlive)
            {
                _remains.Enqueue(oldest);
            }
        }
    }

    private IEnumerable<string> FaultsAtEnd(long growth)
    {
        if (growth > MostHeapGrowth)
        {
            yield return $"The heap grew by {growth:N0} bytes.";
        }

        int alive = _remains.Count(static scenario => scenario.IsAlive);
        if (alive > 0)
        {
            yield return $"{alive} scenarios are still held by something after their end, of one in {TracedOneIn} that was looked at.";
        }

        if (_permits.AvailablePermits != Permits || _permits.WaitingCount != 0)
        {
            yield return $"{_permits.AvailablePermits} of {Permits} permits are left, and {_permits.WaitingCount} wait.";
        }

        foreach (Exception failure in _unobserved.Take(MostFaultsShown))
        {
            yield return $"Nobody observed one of {_unobserved.Count}: {failure}";
        }
    }

    // An actor whose task has ended may still be on its way off the stack, which holds its last scenario: that is gone as soon as the thread goes on. What
    // anything else holds stays, however often is looked.
    private async Task<long> HeapAsync()
    {
        for (int i = 0; i < LeastCollections || (i < MostCollections && _remains.Any(static scenario => scenario.IsAlive)); i++)
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
