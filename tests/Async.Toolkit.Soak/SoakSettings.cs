namespace Async.Toolkit.Soak;

/// <param name="Duration">How long scenarios are started.</param>
/// <param name="Seed">What every choice of the run follows from.</param>
/// <param name="Only">The number of the one scenario to repeat, again and again; <see langword="null"/> for all of them.</param>
/// <param name="Actors">How many scenarios run at once.</param>
internal sealed record SoakSettings(TimeSpan Duration, int Seed, long? Only, int Actors);
