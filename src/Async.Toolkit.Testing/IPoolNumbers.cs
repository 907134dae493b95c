namespace Async.Toolkit.Testing;

/// <summary>What a thread pool tells about itself; each number is read at its own moment.</summary>
internal interface IPoolNumbers
{
    /// <summary>Items that no worker has taken yet.</summary>
    long Pending { get; }

    /// <summary>Workers that run an item, or were called to take one.</summary>
    int Busy { get; }

    /// <summary>Items that have been run since the start of the process.</summary>
    long Completed { get; }
}
