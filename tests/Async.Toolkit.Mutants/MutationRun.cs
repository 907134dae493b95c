using System.Collections.Concurrent;
using System.Text.Json;

namespace Async.Toolkit.Mutants;

/// <summary>Runs the tests against each mutant, and keeps each verdict as soon as it is there.</summary>
internal sealed class MutationRun(Settings settings, TestPlan plan) : IDisposable
{
    // Starting a program takes its time on a busy machine; four times as long as the tests take without a mutant is a hang.
    private static readonly TimeSpan MostForStart = TimeSpan.FromSeconds(12);
    private const double MostTimesLonger = 4;
    private const int ControlsOneIn = 30;

    private readonly Dictionary<string, TestProgram> _programs = Settings.Tests.ToDictionary(static one => one, one => new TestProgram(one, settings.OutputOf(one)));
    private readonly ConcurrentBag<Mutant> _falselyKilled = [];
    private readonly StreamWriter _kept = File.AppendText(KeptIn(settings));
    private int _done;

    public static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.Output);
        IReadOnlyList<Mutant> mutants = await Stryker.MakeAsync(settings, cancellationToken);
        TestPlan plan = await TestPlan.MakeAsync(settings, cancellationToken);
        mutants = [.. mutants.Where(one => settings.Only is null || one.File.Contains(settings.Only, StringComparison.Ordinal))];

        HashSet<int> done = [.. Kept(settings).Where(one => !settings.Again || one.Fate is Fate.Killed or Fate.TimedOut).Select(static one => one.Id)];
        using (var run = new MutationRun(settings, plan))
        {
            await run.JudgeAsync([.. mutants.Where(one => !done.Contains(one.Id))], cancellationToken);
            if (!run._falselyKilled.IsEmpty)
            {
                Console.Error.WriteLine($"mutants: tests failed without any mutant, so that no verdict can be trusted; those for: {string.Join(", ", run._falselyKilled)}");
                return 1;
            }
        }

        Dictionary<int, Verdict> last = [];
        foreach (Verdict verdict in Kept(settings))
        {
            last[verdict.Id] = verdict;
        }

        return Survivors.Tell(settings, mutants, last);
    }

    public void Dispose() => _kept.Dispose();

    private static string KeptIn(Settings settings) => Path.Combine(settings.Output, "verdicts.jsonl");

    private static IEnumerable<Verdict> Kept(Settings settings) =>
        File.Exists(KeptIn(settings)) ? File.ReadAllLines(KeptIn(settings)).Select(static line => JsonSerializer.Deserialize<Verdict>(line)!) : [];

    private async Task JudgeAsync(Mutant[] mutants, CancellationToken cancellationToken)
    {
        // In random order, so that a part of them is a sample of all; the same one each time.
        new Random(1).Shuffle(mutants);
        await Gather.ForEachAsync(mutants, settings.Workers, async (mutant, ct) =>
        {
            Verdict verdict = await JudgeAsync(mutant, mutant.Id, ct);
            int done = Interlocked.Increment(ref _done);
            if (done % ControlsOneIn == 0 && verdict.Fate != Fate.NotCovered && (await JudgeAsync(mutant, -1, ct)).Fate != Fate.Survived)
            {
                _falselyKilled.Add(mutant);
            }

            lock (_kept)
            {
                _kept.WriteLine(JsonSerializer.Serialize(verdict));
                _kept.Flush();
            }

            Console.WriteLine($"mutants: {done:N0} of {mutants.Length:N0}: {verdict.Fate}: {mutant}");
        }, cancellationToken);
    }

    private async Task<Verdict> JudgeAsync(Mutant mutant, int active, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<TestClass>> batches = plan.For(mutant);
        foreach (IReadOnlyList<TestClass> batch in batches)
        {
            (bool isOver, string? failure) = await AsyncTimeout.TryRunAsync(
                MostForStart + TimeSpan.FromSeconds(MostTimesLonger * batch.Sum(static one => one.Seconds)),
                ct => _programs[batch[0].Program].FirstFailureAsync(batch.Select(static one => one.Name), active, ct),
                cancellationToken);
            if (!isOver)
            {
                return new(mutant.Id, Fate.TimedOut, null);
            }

            if (failure is not null)
            {
                plan.Killed(mutant, batch, failure);
                return new(mutant.Id, Fate.Killed, failure);
            }
        }

        return new(mutant.Id, batches.Count == 0 ? Fate.NotCovered : Fate.Survived, null);
    }
}
