using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Async.Toolkit.Mutants;

/// <param name="Program">The name of its program.</param>
/// <param name="Name">Its full name.</param>
/// <param name="Seconds">How long it takes without a mutant, without the start of the program.</param>
/// <param name="IsGreen">Whether it passes in the mutated assembly in time, without an active mutant. One that does not says nothing.</param>
/// <param name="Covered">The mutants that it comes by.</param>
internal sealed record TestClass(string Program, string Name, double Seconds, bool IsGreen, HashSet<int> Covered);

/// <summary>Which classes of tests are run against a mutant, and in what order: those first that are likely to kill it soon.</summary>
internal sealed class TestPlan(IReadOnlyList<TestClass> classes, double seconds)
{
    private const double FirstBatchSeconds = 1;
    private const int MostInFirstBatch = 25;
    private static readonly TimeSpan MostForClass = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<(string File, string Class), int> _kills = new();

    public static async Task<TestPlan> MakeAsync(Settings settings, CancellationToken cancellationToken)
    {
        string kept = Path.Combine(settings.Output, "classes.json");
        bool areNew = settings.Again || !settings.Programs.All(static one => one.IsMade);
        if (areNew)
        {
            foreach (TestProgram program in settings.Programs)
            {
                await program.MakeAsync(settings, cancellationToken);
            }
        }

        List<TestClass> classes = File.Exists(kept) && !areNew ? JsonSerializer.Deserialize<List<TestClass>>(await File.ReadAllTextAsync(kept, cancellationToken))! : [];
        if (classes.Count == 0)
        {
            foreach (TestProgram program in settings.Programs)
            {
                IReadOnlyList<string> names = await program.ClassesAsync(cancellationToken);

                // The second start, since the first one reads the program from the disk.
                var clock = Stopwatch.StartNew();
                await program.ClassesAsync(cancellationToken);
                TimeSpan start = clock.Elapsed;
                foreach (string testClass in names)
                {
                    classes.Add(await LookAsync(program, testClass, start, Path.Combine(settings.Output, "coverage", testClass), cancellationToken));
                }
            }

            Whole.File(kept, JsonSerializer.Serialize(classes));
        }

        return new TestPlan([.. classes.Where(static one => one.IsGreen)], settings.Seconds);
    }

    /// <summary>The classes in batches: of one program each, and each batch worth to be waited for before the next one.</summary>
    public IReadOnlyList<IReadOnlyList<TestClass>> For(Mutant mutant)
    {
        TestClass[] covering =
        [
            .. from one in classes
               where one.Covered.Contains(mutant.Id)
               orderby _kills.GetValueOrDefault((mutant.File, one.Name)) / (one.Seconds + 0.1) descending,
                   one.Name.Contains($".{mutant.Folder}.", StringComparison.Ordinal) descending,
                   one.Covered.Count * (one.Seconds + 0.1)
               select one
        ];
        TestClass[] first = [.. WithinSeconds(covering, FirstBatchSeconds).Take(MostInFirstBatch)];
        TestClass[] rest = [.. WithinSeconds(covering.Except(first).OrderBy(static one => one.Seconds), seconds)];
        return [.. from batch in new[] { first, rest } from program in batch.GroupBy(static one => one.Program) select program.ToArray()];
    }

    public void Killed(Mutant mutant, IEnumerable<TestClass> batch, string test)
    {
        if (batch.FirstOrDefault(one => test.StartsWith(one.Name + ".", StringComparison.Ordinal)) is { } killer)
        {
            _kills.AddOrUpdate((mutant.File, killer.Name), 1, static (_, count) => count + 1);
        }
    }

    private static IEnumerable<TestClass> WithinSeconds(IEnumerable<TestClass> ordered, double seconds)
    {
        double sum = 0;
        bool isFirst = true;
        return ordered.TakeWhile(one =>
        {
            bool fits = isFirst || sum + one.Seconds <= seconds;
            sum += one.Seconds;
            isFirst = false;
            return fits;
        });
    }

    private static async Task<TestClass> LookAsync(TestProgram program, string testClass, TimeSpan start, string scratch, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        (bool isOver, string? failure) = await AsyncTimeout.TryRunAsync(MostForClass, ct => program.FirstFailureAsync([testClass], mutant: -1, ct), cancellationToken);
        double seconds = Math.Max(0, (clock.Elapsed - start).TotalSeconds);
        HashSet<int>? covered = null;
        string? whyNot = !isOver ? $"it takes more than {MostForClass}" : failure is not null ? $"it fails without any mutant: {failure}" : null;
        if (whyNot is null)
        {
            (isOver, covered) = await AsyncTimeout.TryRunAsync(MostForClass, ct => program.CoveredAsync(testClass, scratch, ct), cancellationToken);
            whyNot = !isOver ? "its coverage takes too long" : covered is null ? "it fails where its coverage is looked at" : null;
        }

        Console.WriteLine($"mutants: {testClass}: {(whyNot is null ? $"{seconds:F1} s, {covered!.Count} covered" : $"left out: {whyNot}")}");
        return new TestClass(program.Name, testClass, seconds, whyNot is null, covered ?? []);
    }
}
