using Async.Toolkit.Timing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Async.Toolkit.Tests.Timing;

public sealed class DeadlineTests
{
    private readonly FakeTimeProvider _clock = new();
    private int _strikes;

    [Fact]
    public void It_strikes_once_at_its_time_and_not_before()
    {
        using Deadline? deadline = After(TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.Equal(0, _strikes);

        _clock.Advance(TimeSpan.FromTicks(1));
        _clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(1, _strikes);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(400)]
    public void A_span_longer_than_any_timer_takes_is_waited_for_to_its_end(int days)
    {
        using Deadline? deadline = After(TimeSpan.FromDays(days));

        for (int day = 0; day < days; day++)
        {
            Assert.Equal(0, _strikes);
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(1, _strikes);
    }

    [Fact]
    public void An_infinite_span_needs_no_timer() => Assert.Null(After(Timeout.InfiniteTimeSpan));

    [Fact]
    public void A_disposed_one_does_not_strike()
    {
        After(TimeSpan.FromSeconds(2))!.Dispose();

        _clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(0, _strikes);
    }

    [Fact]
    public void A_tick_that_comes_after_the_disposal_does_not_strike()
    {
        var clock = new LateTime(_clock);
        Deadline.After(clock, TimeSpan.FromSeconds(2), static self => ((DeadlineTests)self)._strikes++, this)!.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(2));

        clock.Tick!();
        Assert.Equal(0, _strikes);
    }

    [Fact]
    public void Its_timer_keeps_nothing_of_the_context_that_it_was_made_in()
    {
        var clock = new LateTime(_clock);
        using (Deadline.After(clock, TimeSpan.FromSeconds(2), static _ => { }, this))
        {
            Assert.True(clock.WasFlowSuppressed);
            Assert.False(ExecutionContext.IsFlowSuppressed());
        }

        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        using (Deadline.After(clock, TimeSpan.FromSeconds(2), static _ => { }, this))
        {
            Assert.True(clock.WasFlowSuppressed);
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }
    }

    private Deadline? After(TimeSpan span) => Deadline.After(_clock, span, static self => ((DeadlineTests)self)._strikes++, this);

    /// <summary>A clock whose timer ticks when the test says, as one does that was about to when it was disposed.</summary>
    private sealed class LateTime(TimeProvider inner) : TimeProvider
    {
        public Action? Tick { get; private set; }

        public bool WasFlowSuppressed { get; private set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Tick = () => callback(state);
            WasFlowSuppressed = ExecutionContext.IsFlowSuppressed();
            return inner.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
