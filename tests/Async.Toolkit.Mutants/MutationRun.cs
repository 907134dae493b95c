namespace Async.Toolkit.Mutants;

/// <summary>Runs the tests against each mutant, and keeps what can be trusted of the verdicts.</summary>
internal sealed class MutationRun(Settings settings, TestPlan plan, Verdicts verdicts)
{
    // Starting a program takes its time on a busy machine; four times as long as the tests take without a mutant is a hang.
    private static readonly TimeSpan MostForStart = TimeSpan.FromSeconds(12);
    private const double MostTimesLonger = 4;

    private const int NoMutant = -1;
    private const int MostInShare = 30;

    private readonly Dictionary<string, TestProgram> _programs = settings.Programs.ToDictionary(static one => one.Name);
    private int _done;
    private int _doubtful;

    public static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.Output);
        Mutant[] mutants = [.. (await Stryker.MutantsAsync(settings, cancellationToken)).Where(one => settings.LooksAt(one.File))];
        if (mutants.Length == 0)
        {
            Console.Error.WriteLine($"mutants: --only must be a part of the name of a source file with mutants, such as Limiting/, not {settings.Only}");
            return 2;
        }

        using var verdicts = new Verdicts(Path.Combine(settings.Output, "verdicts.jsonl"));
        Mutant[] due = [.. mutants.Where(one => verdicts[one] is not { } fate || (settings.Again && fate.IsAlive()))];
        if (due.Length > 0)
        {
            var run = new MutationRun(settings, await TestPlan.MakeAsync(settings, cancellationToken), verdicts);
            await run.JudgeAsync(due, cancellationToken);
            if (run._doubtful > 0)
            {
                Console.Error.WriteLine($"mutants: tests failed without any mutant; {run._doubtful:N0} verdicts were dropped for that, and are due in the next run");
                return 1;
            }
        }

        return Survivors.Tell(settings, mutants, verdicts);
    }

    private Task JudgeAsync(Mutant[] mutants, CancellationToken cancellationToken)
    {
        // In random order, so that a part of them is a sample of all; the same one each time.
        new Random(1).Shuffle(mutants);
        int share = Math.Clamp(mutants.Length / settings.Workers, 1, MostInShare);
        return Gather.ForEachAsync(mutants.Chunk(share), settings.Workers, (some, ct) => JudgeShareAsync(some, mutants.Length, ct), cancellationToken);
    }

    // Whatever makes tests fail, be it a full disk or a signal that the children get too, looks like a mutant that is killed. So a share is kept only when
    // what killed its last one passes without any mutant afterwards; where nothing is killed, nothing can be killed falsely.
    private async Task JudgeShareAsync(Mutant[] mutants, int all, CancellationToken cancellationToken)
    {
        List<Verdict> share = [];
        Mutant? lastKilled = null;
        foreach (Mutant mutant in mutants)
        {
            Verdict verdict = await JudgeAsync(mutant, mutant.Id, cancellationToken);
            share.Add(verdict);
            lastKilled = verdict.Fate.IsAlive() ? lastKilled : mutant;
            Console.WriteLine($"mutants: {Interlocked.Increment(ref _done):N0} of {all:N0}: {verdict.Fate}: {mutant}");
        }

        Verdict? control = lastKilled is null ? null : await JudgeAsync(lastKilled, NoMutant, cancellationToken);
        if (control is null or { Fate: Fate.Survived })
        {
            verdicts.Keep(share);
        }
        else
        {
            Interlocked.Add(ref _doubtful, share.Count);
            Console.Error.WriteLine($"mutants: {control.Fate} without any mutant, so that {share.Count} verdicts are dropped: {control.By ?? "the tests"} for {lastKilled}");
        }
    }

    private async Task<Verdict> JudgeAsync(Mutant mutant, int active, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<TestClass>> batches = plan.For(mutant);
        foreach (IReadOnlyList<TestClass> batch in batches)
        {
            (bool isOver, string? failure) = await TryAsync(batch, active, cancellationToken);
            if (!isOver)
            {
                // Once more: a machine that was busy with other things for a moment looks like a hang, too.
                (isOver, failure) = await TryAsync(batch, active, cancellationToken);
            }

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

    private Task<(bool IsOver, string? Failure)> TryAsync(IReadOnlyList<TestClass> batch, int active, CancellationToken cancellationToken) =>
        AsyncTimeout.TryRunAsync(
            MostForStart + TimeSpan.FromSeconds(MostTimesLonger * batch.Sum(static one => one.Seconds)),
            ct => _programs[batch[0].Program].FirstFailureAsync(batch.Select(static one => one.Name), active, ct),
            cancellationToken);
}
