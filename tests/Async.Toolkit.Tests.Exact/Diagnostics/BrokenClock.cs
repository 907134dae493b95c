namespace Async.Toolkit.Tests.Exact.Diagnostics;

/// <summary>A clock that throws, and counts how often it was asked.</summary>
internal sealed class BrokenClock : TimeProvider
{
    private int _questions;

    public int Questions => Volatile.Read(ref _questions);

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _questions);
        throw new InvalidOperationException("This clock is broken.");
    }
}
