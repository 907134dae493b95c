namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>One undisturbed run of one strategy.</summary>
/// <param name="Milliseconds">From the call to its end.</param>
/// <param name="AllocatedBytes">By the whole process meanwhile.</param>
/// <param name="MostInFlight">How many items had started and not ended, at most.</param>
internal sealed record Run(double Milliseconds, long AllocatedBytes, int MostInFlight);
