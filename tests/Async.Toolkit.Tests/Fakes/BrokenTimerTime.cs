namespace Async.Toolkit.Tests.Fakes;

/// <summary>A clock whose timers never tick and cannot be disposed.</summary>
internal sealed class BrokenTimerTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Stubborn();

    private sealed class Stubborn : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => throw new NotSupportedException("this timer stays");

        public ValueTask DisposeAsync() => throw new NotSupportedException("this timer stays");
    }
}
