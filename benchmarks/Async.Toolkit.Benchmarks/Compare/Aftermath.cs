namespace Async.Toolkit.Benchmarks.Compare;

/// <summary>What became of the items when some of them failed.</summary>
/// <param name="Failed">Items that failed themselves.</param>
/// <param name="Finished">Items that ran to their end.</param>
/// <param name="FinishedAfterFailure">Those of them that did so after the first failure: work for nothing, if the caller throws it away.</param>
/// <param name="Canceled">Items that were broken off.</param>
/// <param name="NeverStarted">Items that the strategy did not begin any more.</param>
/// <param name="LeftRunning">Items that were still running, or began, after the call had ended: orphans.</param>
/// <param name="ReturnedAfterMilliseconds">From the first failure to the end of the call.</param>
internal sealed record Aftermath(int Failed, int Finished, int FinishedAfterFailure, int Canceled, int NeverStarted, int LeftRunning, double ReturnedAfterMilliseconds);
