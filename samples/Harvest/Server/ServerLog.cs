using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Harvest.Server;

/// <summary>How many requests came, how many were under way at once, and how they ended. Counted from many threads at once.</summary>
internal sealed class ServerLog
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _lastSecond = new();
    private int _underWay;
    private ServerTally _tally;

    /// <summary>A request has come in. It is under way until <see cref="Left"/> is called.</summary>
    public void Entered()
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            _lastSecond.Enqueue(now);
            while (now - _lastSecond.Peek() >= Stopwatch.Frequency)
            {
                _lastSecond.Dequeue();
            }

            _underWay++;
            _tally = _tally with
            {
                MostAtOnce = Math.Max(_tally.MostAtOnce, _underWay),
                MostInASecond = Math.Max(_tally.MostInASecond, _lastSecond.Count),
            };
        }
    }

    public void Left()
    {
        lock (_gate)
        {
            _underWay--;
        }
    }

    public void Answered(int status)
    {
        lock (_gate)
        {
            _tally = status switch
            {
                < 400 => _tally with { Succeeded = _tally.Succeeded + 1 },
                StatusCodes.Status429TooManyRequests => _tally with { TurnedAway = _tally.TurnedAway + 1 },
                _ => _tally with { Failed = _tally.Failed + 1 },
            };
        }
    }

    /// <summary>The client hung up before it had its answer.</summary>
    public void Abandoned()
    {
        lock (_gate)
        {
            _tally = _tally with { Abandoned = _tally.Abandoned + 1 };
        }
    }

    /// <summary>Gives what happened since the last call, and begins anew.</summary>
    public ServerTally Take()
    {
        lock (_gate)
        {
            ServerTally taken = _tally;
            _tally = new ServerTally { MostAtOnce = _underWay };
            _lastSecond.Clear();
            return taken;
        }
    }
}
