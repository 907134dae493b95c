namespace Async.Toolkit.Soak;

/// <summary>
/// The choices of one piece of work. Every piece that runs beside others gets dice of its own, so that what is chosen does not depend on which of
/// them comes first.
/// </summary>
internal sealed class Dice(ulong seed)
{
    private readonly Random _random = new((int)(Mixed(seed) >> 33));

    public Dice Child(int number) => new(Mixed(seed ^ ((ulong)number + 1)));

    public static Dice For(int seed, long scenario) => new(Mixed((ulong)(uint)seed) ^ (ulong)scenario);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Number(int least, int most) => _random.Next(least, most + 1);

    public bool OneIn(int cases) => _random.Next(cases) == 0;

    public TimeSpan Milliseconds(double most) => TimeSpan.FromMilliseconds(_random.NextDouble() * most);

    // The finalizer of SplitMix64: neighbouring seeds give unrelated numbers.
    private static ulong Mixed(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
