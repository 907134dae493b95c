using System.Diagnostics;

namespace Async.Toolkit.Testing;

// The clock of a run and the timers that wait for it.
internal abstract partial class VirtualRun
{
    public VirtualTimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (Gate)
        {
            CheckCaller();
            var timer = new VirtualTimer(this, ++_numbers, callback, state, flowsContext: true);
            Set(timer, dueTime, period);
            return timer;
        }
    }

    /// <summary>A wait of so many whole milliseconds, as everywhere in .NET, or without end.</summary>
    public Task Delay(TimeSpan delay, CancellationToken cancellationToken)
    {
        bool isEndless = delay == Timeout.InfiniteTimeSpan;
        if (delay < TimeSpan.Zero && !isEndless)
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, $"{nameof(delay)} must not be negative, unless it is Timeout.InfiniteTimeSpan.");
        }

        VirtualDelay wait;
        lock (Gate)
        {
            CheckCaller();
            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromCanceled(cancellationToken);
            }

            if (delay.Ticks > _horizon - _elapsed)
            {
                throw new ArgumentOutOfRangeException(nameof(delay), delay, $"{nameof(delay)} leads beyond the year 9999.");
            }

            if (!isEndless && delay < TimeSpan.FromMilliseconds(1))
            {
                return Task.CompletedTask;
            }

            wait = new VirtualDelay(this);
            if (isEndless)
            {
                _endless.Add(wait);
            }
            else
            {
                wait.Timer = new VirtualTimer(this, ++_numbers, VirtualDelay.Elapse, wait, flowsContext: false);
                Set(wait.Timer, new TimeSpan(delay.Ticks - (delay.Ticks % TimeSpan.TicksPerMillisecond)), Timeout.InfiniteTimeSpan);
            }
        }

        wait.CancelWith(cancellationToken);
        return wait.End;
    }

    public void Forget(VirtualDelay wait)
    {
        lock (Gate)
        {
            _endless.Remove(wait);
            if (wait.Timer is { } timer)
            {
                Disarm(timer);
            }
        }
    }

    public bool Arm(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (Gate)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                CheckCaller();
            }

            Set(timer, dueTime, period);
            return true;
        }
    }

    public void Disarm(VirtualTimer timer)
    {
        lock (Gate)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    // Under the gate. The timers of one instant come in the order of their creation.
    private VirtualTimer? NextTimer()
    {
        if (_timers.First is not { } timer || timer.Due > _horizon || (_advancing.TryPeek(out _, out (long Target, long Number) first) && timer.Due > first.Target))
        {
            return null;
        }

        Debug.Assert(timer.Due >= _elapsed, "The clock would move backwards.");
        _firedNow = timer.Due > _elapsed ? 1 : _firedNow + 1;
        _fired++;
        _firing = timer;
        Interlocked.Exchange(ref _elapsed, timer.Due);
        if (timer.Period > 0)
        {
            timer.Due += timer.Period;
            _timers.Put(timer);
        }
        else
        {
            _timers.Remove(timer);
        }

        return timer;
    }

    // Under the gate, when no timer is due before.
    private VirtualWait? NextTarget()
    {
        if (_advancing.TryDequeue(out VirtualWait? advanced, out (long Target, long Number) goal))
        {
            _firedNow = goal.Target > _elapsed ? 0 : _firedNow;
            Interlocked.Exchange(ref _elapsed, goal.Target);
        }

        return advanced;
    }

    // Under the gate.
    private void Set(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            _timers.Remove(timer);
            return;
        }

        timer.Due = _elapsed + dueTime.Ticks;
        timer.Period = period > TimeSpan.Zero ? period.Ticks : 0;
        _timers.Put(timer);
    }
}
