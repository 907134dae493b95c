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
        await PhaseAsync(settings.Duration / 10, cancellationToken);
        long before = Heap();
        await PhaseAsync(settings.Duration - (settings.Duration / 10), cancellationToken);
        long after = Heap();

        CheckRemains(after - before);
        Console.WriteLine($"soak: {_counts}");
        Console.WriteLine($"soak: heap {before:N0} bytes after the first tenth, {after:N0} at the end");
        foreach (string fault in _faults.Take(MostFaultsShown))
        {
            Console.Error.WriteLine($"soak: {fault}");
        }

        Console.WriteLine(_faults.IsEmpty ? "soak: clean" : $"soak: {_faults.Count} faults; to repeat: --seed {settings.Seed}");
        return _faults.IsEmpty ? 0 : 1;
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

        // Off the stack of the actor that ended last: it still holds its last scenario, which would look like a leak.
        await Task.Yield();

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

    private void CheckRemains(long growth)
    {
        if (growth > MostHeapGrowth)
        {
            _faults.Enqueue($"The heap grew by {growth:N0} bytes.");
        }

        int alive = _remains.Count(static scenario => scenario.IsAlive);
        if (alive > 0)
        {
            _faults.Enqueue($"{alive} scenarios are still held by something after their end, of one in {TracedOneIn} that was looked at.");
        }

        if (_permits.AvailablePermits != Permits || _permits.WaitingCount != 0)
        {
            _faults.Enqueue($"{_permits.AvailablePermits} of {Permits} permits are left, and {_permits.WaitingCount} wait.");
        }

        foreach (Exception failure in _unobserved)
        {
            _faults.Enqueue($"Nobody observed: {failure}");
        }
    }

    private static long Heap()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
