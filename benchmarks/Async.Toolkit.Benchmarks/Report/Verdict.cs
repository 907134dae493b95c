namespace Async.Toolkit.Benchmarks.Report;

/// <summary>How a target stands.</summary>
internal enum Verdict
{
    /// <summary>Reached, and the error bar as a whole is on the good side.</summary>
    Met,

    /// <summary>The error bar reaches over the target: this run does not tell.</summary>
    Undecided,

    /// <summary>Not reached, and the error bar as a whole is on the bad side.</summary>
    Missed,
}
