namespace Async.Toolkit.Diagnostics;

/// <summary>What somebody waits for before his work may begin.</summary>
internal enum WaitKind : byte
{
    /// <summary>A place among a group's children.</summary>
    Limit,

    /// <summary>A permit of a semaphore.</summary>
    Semaphore,

    /// <summary>A permit of a rate limiter.</summary>
    Rate,
}
