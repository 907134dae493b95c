namespace Async.Toolkit.Tests.Fakes;

/// <summary>A clock that has no timers.</summary>
internal sealed class BrokenTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("no timers here");
}
