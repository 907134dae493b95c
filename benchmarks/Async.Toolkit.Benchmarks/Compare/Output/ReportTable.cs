using Async.Toolkit.Benchmarks.Text;

namespace Async.Toolkit.Benchmarks.Compare.Output;

/// <summary>One table, for the terminal and for the page alike. The first column holds names, the others figures.</summary>
internal sealed record ReportTable(string Title, string Explanation, IReadOnlyList<string> Headers, IReadOnlyList<ReportRow> Rows)
{
    /// <summary>The tables of a comparison: speed and memory, and what a failure does.</summary>
    public static IReadOnlyList<ReportTable> Of(CompareResult result) =>
        result.FailingItems == 0 ? [SpeedOf(result)] : [SpeedOf(result), FailuresOf(result)];

    private static ReportTable SpeedOf(CompareResult result)
    {
        int items = result.Settings.Items;
        return new ReportTable(
            $"{Format.Count(items)} items, {Format.Count(result.Settings.Concurrency)} at a time: latency {result.Settings.Latency}, computing {Strategies.Duration.Show(result.Settings.Cpu)}",
            $"Medians of {result.Settings.Rounds} rounds with their quartiles; ratios to {result.Baseline.Strategy.Title}, taken round by round. Peak memory is what was alive at once.",
            ["strategy", "time", "quartiles", "ratio", "quartiles", "allocated per item", "peak memory", "most in flight"],
            [
                .. result.Strategies.Select(one => new ReportRow(
                    [
                        one.Strategy.Title,
                        Format.Milliseconds(one.Milliseconds.Median),
                        $"{Format.Milliseconds(one.Milliseconds.LowerQuartile)} – {Format.Milliseconds(one.Milliseconds.UpperQuartile)}",
                        Format.Ratio(one.Ratio.Median),
                        one.Strategy == result.Settings.Baseline ? "baseline" : $"{Format.Digits(one.Ratio.LowerQuartile)} – {Format.Digits(one.Ratio.UpperQuartile)}",
                        Format.Bytes(one.AllocatedBytes / items),
                        Format.Bytes(Math.Max(0, one.PeakLiveBytes)),
                        one.Strategy.KeepsLimit ? Format.Count(one.MostInFlight) : $"{Format.Count(one.MostInFlight)}, no limit",
                    ],
                    one == result.Fastest)),
            ]);
    }

    private static ReportTable FailuresOf(CompareResult result) => new(
        result.FailingItems == 1 ? "When one item fails" : $"When {Format.Count(result.FailingItems)} of {Format.Count(result.Settings.Items)} items are due to fail",
        "How long after the first failure the call returned, and what had become of the items. Left running: still at work, or begun, after the call had returned.",
        ["strategy", "returned after", "failed", "finished", "of them after the failure", "canceled", "never started", "left running"],
        [
            .. result.Strategies.Select(static one => (one.Strategy, After: one.Aftermath!)).Select(static one => new ReportRow(
                [
                    one.Strategy.Title,
                    Format.Milliseconds(one.After.ReturnedAfterMilliseconds),
                    Format.Count(one.After.Failed),
                    Format.Count(one.After.Finished),
                    Format.Count(one.After.FinishedAfterFailure),
                    Format.Count(one.After.Canceled),
                    Format.Count(one.After.NeverStarted),
                    Format.Count(one.After.LeftRunning),
                ],
                IsBest: false)),
        ]);
}
